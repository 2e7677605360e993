package dev.minicompete.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.idempotency.IdempotentResponse;
import dev.minicompete.platform.http.problem.ProblemException;
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

/**
 * Registering from a page. The form has its idempotency key from the moment it is shown, so that sending it again, by
 * whatever means, is the same registration.
 */
@Path("/competitions/{id}/register")
@Page
@PermitAll
class RegisterPage {

    private final RegistrationService registrations;
    private final CompetitionPages pages;
    private final Visitor visitor;
    private final Form form;
    private final ObjectMapper mapper;

    RegisterPage(
            RegistrationService registrations,
            CompetitionPages pages,
            Visitor visitor,
            Form form,
            ObjectMapper mapper) {
        this.registrations = registrations;
        this.pages = pages;
        this.visitor = visitor;
        this.form = form;
        this.mapper = mapper;
    }

    /** Whoever comes here by the address alone wants to see the competition. */
    @GET
    public Response show(@RestPath UUID id) {
        return Html.redirect("/competitions/" + id);
    }

    /** Registers. With htmx the answer is the panel alone. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> register(@RestPath UUID id, @HeaderParam("HX-Request") boolean htmx) {
        var participant = visitor.participant();
        return Uni.createFrom()
                .deferred(() -> registrations.register(participant, id, key(), note()))
                .flatMap(answer -> answer.status() == 201
                        ? done(id, htmx)
                        : failed(answer.status(), id, newKey(), detail(answer), htmx))
                .onFailure(ProblemException.class)
                .recoverWithUni(failure -> refuse(id, (ProblemException) failure, htmx));
    }

    private IdempotencyKey key() {
        var key = form.text("key");
        return IdempotencyKey.of(key == null ? null : List.of(key));
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }

    private String note() {
        return RegistrationRequest.checkedNote(new RegistrationRequest(form.filled("note")));
    }

    private Uni<Response> done(UUID competition, boolean htmx) {
        return htmx
                ? pages.panel(200, competition, UnaryOperator.identity())
                : Html.seeOther("/competitions/" + competition + "#panel");
    }

    private Uni<Response> refuse(UUID competition, ProblemException failure, boolean htmx) {
        var status = failure.type().status();
        return switch (failure.type()) {
            case REQUEST_IN_PROGRESS -> wait(competition, htmx);
            case VALIDATION -> {
                var error = FieldErrors.of(failure.problem()).all().get(0);
                yield failed(status, competition, form.text("key"), error.text(), htmx);
            }
            case IDEMPOTENCY_KEY_REUSED ->
                failed(
                        status,
                        competition,
                        newKey(),
                        "This form was sent before, with another note. If you are not registered, send it again.",
                        htmx);
            case IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_INVALID ->
                failed(status, competition, newKey(), "The form was not complete. Send it again.", htmx);
            default -> Uni.createFrom().failure(failure);
        };
    }

    /** A twin of this request is under way: the page looks for its outcome. */
    private Uni<Response> wait(UUID competition, boolean htmx) {
        return htmx
                ? pages.panel(200, competition, panel -> panel.inProgress(form.text("key"), 1))
                : Html.seeOther(
                        "/competitions/" + competition + "?attempt=" + Labels.inQuery(form.text("key")) + "#panel");
    }

    private Uni<Response> failed(int status, UUID competition, String key, String message, boolean htmx) {
        UnaryOperator<RegistrationPanel> change =
                panel -> panel.withKey(key).withNote(form.text("note")).withMessage(message);
        return htmx ? pages.panel(status, competition, change) : pages.page(status, competition, "", change);
    }

    private String detail(IdempotentResponse answer) {
        try {
            return mapper.readTree(answer.body()).path("detail").asText();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
