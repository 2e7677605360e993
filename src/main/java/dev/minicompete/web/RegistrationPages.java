package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.registration.RegistrationService;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The pages on which participants see and cancel their registrations. */
@Path("/registrations")
@Page
@PermitAll
class RegistrationPages {

    private final RegistrationService registrations;
    private final CompetitionService competitions;
    private final Visitor visitor;

    RegistrationPages(RegistrationService registrations, CompetitionService competitions, Visitor visitor) {
        this.registrations = registrations;
        this.competitions = competitions;
        this.visitor = visitor;
    }

    @GET
    public Uni<Response> list(@RestQuery @Nullable String cursor, @RestQuery @DefaultValue("") String done) {
        var participant = visitor.participant();
        return registrations
                .findOwn(participant, PageRequest.of(null, cursor, "registrations", participant))
                .flatMap(page -> Html.page(Templates.registrations(page, cursor, done)));
    }

    /** Asks for confirmation, since a cancelled seat may go to another participant at once. */
    @GET
    @Path("/{id}/cancel")
    public Uni<Response> confirm(@RestPath UUID id) {
        return confirm(200, visitor.participant(), id, null);
    }

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> cancel(@RestPath UUID id) {
        var participant = visitor.participant();
        return registrations
                .cancel(id, participant)
                .map(cancelled -> Html.redirect("/registrations?done=seat-given-back"))
                .onFailure(ProblemException.is(ProblemType.REGISTRATION_NOT_CANCELLABLE))
                .recoverWithUni(failure -> confirm(409, participant, id, failure.getMessage()));
    }

    private Uni<Response> confirm(int status, UUID participant, UUID id, @Nullable String message) {
        return registrations
                .find(id, participant)
                .flatMap(registration -> competitions
                        .find(registration.competitionId())
                        .flatMap(competition ->
                                Html.page(status, Templates.cancelRegistration(registration, competition, message))));
    }
}
