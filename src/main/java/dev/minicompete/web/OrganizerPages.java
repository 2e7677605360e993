package dev.minicompete.web;

import dev.minicompete.competition.CompetitionQuery;
import dev.minicompete.competition.CompetitionService;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Lists the organizer's own competitions and publishes new ones. */
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
        return show(
                200, CompetitionForm.EMPTY, FieldErrors.NONE, UUID.randomUUID().toString());
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
        var key = Objects.requireNonNullElseGet(
                form.filled("key"), () -> UUID.randomUUID().toString());
        return Uni.createFrom()
                .deferred(() -> create(organizer, filled, key))
                .onFailure(failure -> is(failure, ProblemType.IDEMPOTENCY_KEY_REUSED))
                .recoverWithUni(
                        () -> create(organizer, filled, UUID.randomUUID().toString()))
                .map(IdempotentResponse::location)
                .onFailure(failure -> is(failure, ProblemType.REQUEST_IN_PROGRESS))
                .recoverWithItem("/organizer/competitions?done=publishing")
                .map(Html::redirect)
                .onFailure(failure -> is(failure, ProblemType.VALIDATION))
                .recoverWithUni(
                        failure -> show(400, filled, FieldErrors.of(((ProblemException) failure).problem()), key));
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

    private static boolean is(Throwable failure, ProblemType type) {
        return failure instanceof ProblemException problem && problem.type() == type;
    }

    private static Uni<Response> show(int status, CompetitionForm form, FieldErrors errors, String key) {
        return Html.page(status, Templates.newCompetition(new CompetitionFormModel(form, errors, null, null, key)));
    }
}
