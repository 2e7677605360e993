package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;

/** Cancels a competition, which cannot be undone, after a page that asks for confirmation. */
@Path("/organizer/competitions/{id}/cancel")
@Page
@PermitAll
class CancelCompetitionPage {

    private final CompetitionService competitions;
    private final Visitor visitor;

    CancelCompetitionPage(CompetitionService competitions, Visitor visitor) {
        this.competitions = competitions;
        this.visitor = visitor;
    }

    @GET
    public Uni<Response> confirm(@RestPath UUID id) {
        return competitions
                .findOwn(visitor.organizer(), id)
                .flatMap(found -> Html.page(Templates.cancelCompetition(found)));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> cancel(@RestPath UUID id) {
        return competitions
                .cancel(visitor.organizer(), id)
                .map(cancelled -> Html.redirect("/competitions/" + cancelled.id() + "?done=cancelled"));
    }
}
