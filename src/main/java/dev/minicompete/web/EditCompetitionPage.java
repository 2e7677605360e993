package dev.minicompete.web;

import dev.minicompete.competition.CompetitionService;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.problem.ProblemException;
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
import org.jspecify.annotations.Nullable;

/** Edits a competition. The form contains the version that it shows, so that an edit never overwrites one not seen. */
@Path("/organizer/competitions/{id}/edit")
@Page
@PermitAll
class EditCompetitionPage {

    private final CompetitionService competitions;
    private final Visitor visitor;
    private final Form form;

    EditCompetitionPage(CompetitionService competitions, Visitor visitor, Form form) {
        this.competitions = competitions;
        this.visitor = visitor;
        this.form = form;
    }

    @GET
    public Uni<Response> show(@RestPath UUID id) {
        return competitions
                .findOwn(visitor.organizer(), id)
                .flatMap(stored ->
                        show(200, CompetitionForm.of(stored, CompetitionForm.UTC), FieldErrors.NONE, stored, null));
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> save(@RestPath UUID id) {
        var organizer = visitor.organizer();
        var filled = CompetitionForm.of(form);
        return competitions
                .findOwn(organizer, id)
                .flatMap(stored -> Uni.createFrom()
                        .deferred(() -> competitions.edit(organizer, id, version(), filled.request(stored)))
                        .map(saved -> Html.redirect("/competitions/" + id + "?done=saved"))
                        .onFailure(ProblemException.class)
                        .recoverWithUni(failure -> refuse((ProblemException) failure, filled, id)));
    }

    private Uni<Response> refuse(ProblemException failure, CompetitionForm filled, UUID id) {
        var problem = failure.problem();
        return competitions.find(id).flatMap(stored -> switch (failure.type()) {
            case STALE_VERSION ->
                show(409, filled, FieldErrors.NONE, stored, CompetitionForm.of(stored, filled.zone()));
            case VALIDATION -> show(400, filled, FieldErrors.of(problem), stored, null);
            case CAPACITY_BELOW_REGISTRATIONS ->
                show(409, filled, error("capacity", "is too small: " + problem.detail()), stored, null);
            case WAITLIST_NOT_EMPTY ->
                show(409, filled, error("waitlist", "is in use: " + problem.detail()), stored, null);
            default -> Uni.createFrom().failure(failure);
        });
    }

    private static FieldErrors error(String field, String detail) {
        return FieldErrors.of(field, detail.replaceFirst("\\.$", ""));
    }

    /** The version in the form. A malformed one is 0, which no competition has, and so stale. */
    private int version() {
        try {
            return Integer.parseInt(form.text("version"));
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    private static Uni<Response> show(
            int status,
            CompetitionForm form,
            FieldErrors errors,
            CompetitionView stored,
            @Nullable CompetitionForm conflict) {
        return Html.page(
                status, Templates.editCompetition(new CompetitionFormModel(form, errors, stored, conflict, null)));
    }
}
