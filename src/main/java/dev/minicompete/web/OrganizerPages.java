package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery;
import dev.minicompete.competition.CompetitionService;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.idempotency.Idempotency;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.idempotency.IdempotentResponse;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Lists, publishes, edits and cancels the organizer's own competitions. */
@Path("/organizer/competitions")
@Page
@PermitAll
class OrganizerPages {

    private final CompetitionService competitions;
    private final Idempotency idempotency;
    private final Visitor visitor;
    private final Form form;

    OrganizerPages(CompetitionService competitions, Idempotency idempotency, Visitor visitor, Form form) {
        this.competitions = competitions;
        this.idempotency = idempotency;
        this.visitor = visitor;
        this.form = form;
    }

    @GET
    public Uni<Response> list(@RestQuery @Nullable String cursor, @RestQuery @DefaultValue("") String done) {
        var organizer = visitor.organizer().id();
        return competitions
                .find(CompetitionQuery.of(
                        null, null, null, organizer, CompetitionQuery.Sort.CREATED_AT_DESCENDING, null, cursor))
                .flatMap(page -> Html.page(Templates.ownCompetitions(page, cursor, done)));
    }

    @GET
    @Path("/new")
    public Uni<Response> showEmptyForm() {
        visitor.organizer();
        return Html.page(Templates.newCompetition(CompetitionForm.EMPTY, FieldErrors.NONE, newKey()));
    }

    /**
     * Publishes a competition. Sending the form again publishes nothing more, since it has the same idempotency key; with other
     * contents it publishes another competition.
     */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> create() {
        var organizer = visitor.organizer().id();
        var filled = CompetitionForm.of(form);
        var key = Objects.requireNonNullElseGet(form.filled("key"), OrganizerPages::newKey);
        return Uni.createFrom()
                .deferred(() -> create(organizer, filled, key))
                .onFailure(ProblemException.is(ProblemType.IDEMPOTENCY_KEY_REUSED))
                .recoverWithUni(() -> create(organizer, filled, newKey()))
                .map(IdempotentResponse::location)
                .onFailure(ProblemException.is(ProblemType.REQUEST_IN_PROGRESS))
                .recoverWithItem("/organizer/competitions?done=publishing")
                .map(Html::redirect)
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> failure.type() == ProblemType.VALIDATION
                        ? Html.page(400, Templates.newCompetition(filled, FieldErrors.of(failure.problem()), key))
                        : Uni.createFrom().failure(failure));
    }

    private Uni<IdempotentResponse> create(UUID organizer, CompetitionForm filled, String key) {
        return idempotency.execute(
                "publish:" + organizer,
                IdempotencyKey.of(List.of(key)),
                UUID.nameUUIDFromBytes(filled.toString().getBytes(StandardCharsets.UTF_8))
                        .toString(),
                () -> competitions
                        .create(organizer, filled.request(null))
                        .map(created -> new IdempotentResponse(
                                201, "/competitions/" + created.id() + "?done=published", "", false)),
                null);
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    @GET
    @Path("/{id}/edit")
    public Uni<Response> showForm(@RestPath UUID id) {
        return competitions
                .findOwn(visitor.organizer(), id)
                .flatMap(stored -> edit(200, CompetitionForm.of(stored), FieldErrors.NONE, stored, false));
    }

    /** Saves an edit. The form contains the version that it shows, so that an edit never overwrites one that was not seen. */
    @POST
    @Path("/{id}/edit")
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
                        .recoverWithUni(failure -> showAgain(failure, filled, id)));
    }

    /** The version in the form. A malformed one is 0, which no competition has, and so stale. */
    private int version() {
        try {
            return Integer.parseInt(form.text("version"));
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }

    private Uni<Response> showAgain(ProblemException failure, CompetitionForm filled, UUID id) {
        var problem = failure.problem();
        return competitions.find(id).flatMap(stored -> switch (failure.type()) {
            case STALE_VERSION -> edit(409, filled.withConflicts(stored), FieldErrors.NONE, stored, true);
            case VALIDATION -> edit(400, filled, FieldErrors.of(problem), stored, false);
            case CAPACITY_BELOW_REGISTRATIONS ->
                edit(409, filled, FieldErrors.of("capacity", problem.detail()), stored, false);
            case WAITLIST_NOT_EMPTY -> edit(409, filled, FieldErrors.of("waitlist", problem.detail()), stored, false);
            default -> Uni.createFrom().failure(failure);
        });
    }

    private static Uni<Response> edit(
            int status, CompetitionForm form, FieldErrors errors, CompetitionView stored, boolean stale) {
        return Html.page(status, Templates.editCompetition(form, errors, stored, stale));
    }

    /** Asks for confirmation, since cancelling cannot be undone. */
    @GET
    @Path("/{id}/cancel")
    public Uni<Response> confirm(@RestPath UUID id) {
        return competitions
                .findOwn(visitor.organizer(), id)
                .flatMap(found -> Html.page(Templates.cancelCompetition(found)));
    }

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> cancel(@RestPath UUID id) {
        return competitions
                .cancel(visitor.organizer(), id)
                .map(cancelled -> Html.redirect("/competitions/" + cancelled.id() + "?done=cancelled"));
    }
}
