package dev.minicompete.web;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * What open pages ask for every few seconds: one query, and mostly no content. It is no {@link Page}, which would greet the
 * visitor by another one.
 */
@Path("/competitions/{id}/live")
@PermitAll
class LivePage {

    private final CompetitionPages pages;
    private final Visitor visitor;

    LivePage(CompetitionPages pages, Visitor visitor) {
        this.pages = pages;
        this.visitor = visitor;
    }

    /**
     * The seats if they are not what was seen, and with them the panel if it offers something else.
     *
     * @param seen what the page shows
     * @param member whether the page is that of somebody who was logged in; when the session has ended since, it is left
     *     alone, with all that is filled in
     */
    @GET
    public Uni<Response> live(@RestPath UUID id, @RestQuery String seen, @RestQuery boolean member) {
        if (member && !visitor.isLoggedIn()) {
            return Uni.createFrom().item(Response.noContent().build());
        }
        return pages.find(id)
                .flatMap(panel -> panel.seen().equals(seen)
                        ? Uni.createFrom().item(Response.noContent().build())
                        : Html.page(Templates.live(panel, seen == null || !seen.startsWith(panel.state() + "."))));
    }
}
