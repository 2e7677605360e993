package dev.minicompete.web;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Updates open pages, which poll it every few seconds: one query, and mostly 204. It has no {@link Page} annotation, which
 * would cost another query.
 */
@Path("/competitions/{id}/live")
@PermitAll
class SeatUpdates {

    private final CompetitionRenderer pages;
    private final Visitor visitor;

    SeatUpdates(CompetitionRenderer pages, Visitor visitor) {
        this.pages = pages;
        this.visitor = visitor;
    }

    /**
     * Responds with the seats if they have changed, and with the panel if its state has changed; otherwise 204.
     *
     * @param seen {@link RegistrationPanel#seen} of the open page
     * @param member whether the visitor was logged in when the page was opened. If the session has ended since, the response
     *     is 204, so that the form keeps what is entered
     */
    @GET
    public Uni<Response> live(@RestPath UUID id, @RestQuery @Nullable String seen, @RestQuery boolean member) {
        if (member && !visitor.isLoggedIn()) {
            return Uni.createFrom().item(Response.noContent().build());
        }
        return pages.find(id)
                .flatMap(panel -> panel.seen().equals(seen)
                        ? Uni.createFrom().item(Response.noContent().build())
                        : Html.page(Templates.live(panel, seen == null || !seen.startsWith(panel.state() + "."))));
    }
}
