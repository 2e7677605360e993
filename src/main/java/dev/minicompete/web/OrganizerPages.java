package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery;
import dev.minicompete.competition.CompetitionService;
import dev.minicompete.problem.ProblemException;
import dev.minicompete.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestQuery;

/** An organizer's own competitions, and publishing one. */
@Path("/organizer/competitions")
@Page
@PermitAll
class OrganizerPages {

    private final CompetitionService competitions;
    private final Visitor visitor;
    private final Form form;

    OrganizerPages(CompetitionService competitions, Visitor visitor, Form form) {
        this.competitions = competitions;
        this.visitor = visitor;
        this.form = form;
    }

    @GET
    public Uni<Response> list(@RestQuery String cursor, @RestQuery @DefaultValue("") String done) {
        var organizer = visitor.organizer().id().toString();
        return competitions
                .find(CompetitionQuery.of(null, null, null, organizer, "-createdAt", null, cursor))
                .flatMap(page -> Html.page(Templates.ownCompetitions(page, cursor, done)));
    }

    @GET
    @Path("/new")
    public Uni<Response> blank() {
        visitor.organizer();
        return show(200, CompetitionForm.EMPTY, FieldErrors.NONE);
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> create() {
        var organizer = visitor.organizer().id();
        var filled = CompetitionForm.of(form);
        return Uni.createFrom()
                .deferred(() -> competitions.create(organizer, filled.request(null)))
                .map(created -> Html.redirect("/competitions/" + created.id() + "?done=published"))
                .onFailure(OrganizerPages::isInvalid)
                .recoverWithUni(failure -> show(400, filled, FieldErrors.of(((ProblemException) failure).problem())));
    }

    static boolean isInvalid(Throwable failure) {
        return failure instanceof ProblemException problem && problem.type() == ProblemType.VALIDATION;
    }

    private static Uni<Response> show(int status, CompetitionForm form, FieldErrors errors) {
        return Html.page(status, Templates.newCompetition(new Editing(form, errors, null, null)));
    }
}
