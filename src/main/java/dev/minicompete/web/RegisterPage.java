package dev.minicompete.web;

import dev.minicompete.idempotency.Idempotency;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.idempotency.IdempotentResponse;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.registration.RegisterCommand;
import dev.minicompete.registration.RegistrationOutcome;
import dev.minicompete.registration.RegistrationOutcome.Registered;
import dev.minicompete.registration.RegistrationOutcome.Rejected;
import dev.minicompete.registration.RegistrationRequest;
import dev.minicompete.registration.RegistrationService;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Registers from the form of a competition's page. The form contains its idempotency key, so that sending it again is the same
 * registration.
 */
@Path("/competitions/{id}/register")
@Page
@PermitAll
class RegisterPage {

    private final RegistrationService registrations;
    private final Idempotency idempotency;
    private final CompetitionPage pages;
    private final Visitor visitor;
    private final Form form;

    RegisterPage(
            RegistrationService registrations,
            Idempotency idempotency,
            CompetitionPage pages,
            Visitor visitor,
            Form form) {
        this.registrations = registrations;
        this.idempotency = idempotency;
        this.pages = pages;
        this.visitor = visitor;
        this.form = form;
    }

    /** Redirects to the competition: this address is for the form. */
    @GET
    public Response show(@RestPath UUID id) {
        return Html.redirect("/competitions/" + id);
    }

    /** Registers. For htmx the response is the panel only. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> register(@RestPath UUID id, @HeaderParam("HX-Request") boolean htmx) {
        var participant = visitor.participant();
        return Uni.createFrom()
                .deferred(() -> register(new RegisterCommand(id, participant, key(), note())))
                .flatMap(response -> response.status() == 201
                        ? showResult(id, "", UnaryOperator.identity(), htmx)
                        : showForm(response.status(), id, newKey(), response.body(), htmx))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> showProblem(id, failure, htmx));
    }

    /** Stores what the page shows under a scope of its own, since the API stores JSON. */
    private Uni<IdempotentResponse> register(RegisterCommand command) {
        return idempotency.execute(
                "page:" + command.scope(),
                command.key(),
                command.fingerprint(),
                () -> registrations.register(command).map(RegisterPage::render),
                () -> registrations.findPrevious(command).onItem().ifNotNull().transform(RegisterPage::render));
    }

    /** The body is the message to show. */
    private static IdempotentResponse render(RegistrationOutcome outcome) {
        if (outcome instanceof Registered registered) {
            return new IdempotentResponse(201, null, "", registered.isReplayed());
        }
        var problem = ((Rejected) outcome).problem();
        return new IdempotentResponse(
                problem.type().status(), null, problem.problem().detail(), false);
    }

    private IdempotencyKey key() {
        var key = form.text("key");
        return IdempotencyKey.of(key == null ? null : List.of(key));
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private @Nullable String note() {
        return RegistrationRequest.checkedNote(new RegistrationRequest(form.filled("note")));
    }

    private Uni<Response> showProblem(UUID competition, ProblemException failure, boolean htmx) {
        var status = failure.type().status();
        return switch (failure.type()) {
            case REQUEST_IN_PROGRESS -> {
                var key = key().text();
                var attempt = "?attempt=" + Labels.inQuery(key);
                yield showResult(competition, attempt, panel -> panel.inProgress(key, 1), htmx);
            }
            case VALIDATION ->
                showForm(
                        status,
                        competition,
                        key().text(),
                        FieldErrors.of(failure.problem()).text("note"),
                        htmx);
            case IDEMPOTENCY_KEY_REUSED -> {
                var message = "This form was sent before, with another note. If you are not registered, send it again.";
                yield showForm(status, competition, newKey(), message, htmx);
            }
            case IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_INVALID ->
                showForm(status, competition, newKey(), "The form was not complete. Send it again.", htmx);
            default -> Uni.createFrom().failure(failure);
        };
    }

    /** Shows the panel. While another request with this key is in progress, it polls for the outcome. */
    private Uni<Response> showResult(
            UUID competition, String query, UnaryOperator<RegistrationPanel> change, boolean htmx) {
        return htmx
                ? pages.panel(200, competition, change)
                : Html.seeOther("/competitions/" + competition + query + "#panel");
    }

    private Uni<Response> showForm(int status, UUID competition, String key, @Nullable String message, boolean htmx) {
        UnaryOperator<RegistrationPanel> change = panel -> panel.rejected(key, form.text("note"), message);
        return htmx ? pages.panel(status, competition, change) : pages.page(status, competition, "", change);
    }
}
