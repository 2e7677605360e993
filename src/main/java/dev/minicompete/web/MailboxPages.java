package dev.minicompete.web;

import dev.minicompete.mailbox.MailboxService;
import dev.minicompete.platform.http.paging.PageRequest;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The visitor's mailbox. */
@Path("/mailbox")
@Page
@PermitAll
class MailboxPages {

    private final MailboxService mails;
    private final Visitor visitor;

    MailboxPages(MailboxService mails, Visitor visitor) {
        this.mails = mails;
        this.visitor = visitor;
    }

    @GET
    public Uni<Response> list(@RestQuery @Nullable String cursor, @RestQuery boolean unread) {
        var user = visitor.member().id();
        return mails.list(user, unread, null, PageRequest.of(null, cursor, "mailbox", user, unread, "null"))
                .flatMap(page -> Html.page(Templates.mailbox(page, cursor, unread)));
    }

    /** Shows a mail and marks it as read. */
    @GET
    @Path("/{id}")
    public Uni<Response> open(@RestPath UUID id) {
        var user = visitor.member().id();
        return mails.markRead(user, id)
                .chain(() -> mails.find(user, id))
                .call(visitor::load)
                .flatMap(found -> Html.page(Templates.mail(found)));
    }

    /** The number of unread mails, for the header of all pages; 204 when the session has ended. */
    @GET
    @Path("/unread")
    public Uni<Response> unread() {
        return visitor.isLoggedIn() ? Html.page(Templates.unread()) : Html.nothing();
    }
}
