package dev.minicompete.mailbox;

import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

@Path("/api/mailbox")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Tag(name = "Mailbox")
class MailboxResource {

    private final MailboxService service;
    private final Caller caller;

    MailboxResource(MailboxService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    @GET
    @Operation(summary = "List the caller's mails, newest first")
    @APIResponse(
            responseCode = "200",
            description = "A page of mails, and the number of unread mails in the whole mailbox")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.TOKEN + "validation")
    public Uni<MailboxResponse> list(
            @RestQuery @Nullable String unread,
            @RestQuery @Nullable String kind,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        var unreadOnly = Parameters.flag("unread", unread);
        Parameters.oneOf("kind", kind, MailKind.TEXTS);
        var page = PageRequest.of(limit, cursor, "mailbox", caller.id(), unreadOnly, String.valueOf(kind));
        return service.list(caller.id(), unreadOnly, kind == null ? null : MailKind.of(kind), page);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Show a mail of the caller")
    @APIResponse(responseCode = "200", description = "The mail")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.TOKEN + "not-found")
    public Uni<MailView> get(@RestPath UUID id) {
        return service.find(caller.id(), id);
    }

    @POST
    @Path("/{id}/read")
    @Operation(summary = "Mark a mail of the caller as read")
    @APIResponse(responseCode = "204", description = "The mail is marked as read")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.TOKEN + "not-found")
    public Uni<Void> read(@RestPath UUID id) {
        return service.markRead(caller.id(), id);
    }
}
