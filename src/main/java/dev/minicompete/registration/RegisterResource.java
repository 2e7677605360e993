package dev.minicompete.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.idempotency.Idempotency;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.idempotency.IdempotentResponse;
import dev.minicompete.platform.http.json.RequestBodyParser;
import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.problem.Problem;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import dev.minicompete.registration.RegistrationOutcome.Registered;
import dev.minicompete.registration.RegistrationOutcome.Rejected;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Registers the caller for a competition. */
@Path("/api/competitions/{id}/register")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Registrations")
class RegisterResource {

    private static final String REPLAYED = "Idempotent-Replayed";

    private final RegistrationService service;
    private final Idempotency idempotency;
    private final Caller caller;
    private final RequestBodyParser json;
    private final ObjectMapper mapper;

    RegisterResource(
            RegistrationService service,
            Idempotency idempotency,
            Caller caller,
            RequestBodyParser json,
            ObjectMapper mapper) {
        this.service = service;
        this.idempotency = idempotency;
        this.caller = caller;
        this.json = json;
        this.mapper = mapper;
    }

    @POST
    // Any media type, since the key is checked before the body.
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.PARTICIPANT)
    @Operation(
            summary = "Register for a competition",
            description =
                    "Gives a seat or, if there is one, a place on the waitlist. Retrying with the same key is safe: it"
                            + " gets the same response, marked by the header Idempotent-Replayed.")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            required = true,
            description = "New for each registration, the same for each retry",
            schema = @Schema(minLength = 1, maxLength = 257),
            example = "abc123")
    @RequestBody(
            required = false,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = RegistrationRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "Registered; Location is the address of the registration",
            headers = {
                @Header(name = HttpHeaders.LOCATION, schema = @Schema(type = SchemaType.STRING)),
                @Header(name = REPLAYED, schema = @Schema(type = SchemaType.BOOLEAN))
            },
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = RegistrationView.class)))
    @Extension(
            name = OpenApi.PROBLEMS,
            value = OpenApi.ROLE + OpenApi.BODY
                    + "idempotency-key-missing idempotency-key-invalid request-in-progress idempotency-key-reused"
                    + " not-found competition-cancelled registration-closed already-registered competition-full")
    public Uni<RestResponse<String>> register(@RestPath UUID id, @Context HttpHeaders headers, byte @Nullable [] body) {
        var key = IdempotencyKey.of(headers.getRequestHeader(IdempotencyKey.HEADER));
        var note = RegistrationRequest.checkedNote(json.parseOptional(headers, body, RegistrationRequest.class));
        var command = new RegisterCommand(id, caller.id(), key, note);
        return idempotency
                .execute(
                        command.scope(),
                        key,
                        command.fingerprint(),
                        () -> service.register(command).map(this::render),
                        () -> service.findPrevious(command).onItem().ifNotNull().transform(this::render))
                .map(RegisterResource::response);
    }

    /** Renders values that never change, so that a replay from PostgreSQL has the bytes of the first response. */
    private IdempotentResponse render(RegistrationOutcome outcome) {
        if (outcome instanceof Registered registered) {
            var registration = registered.registration();
            return new IdempotentResponse(
                    201, "/api/registrations/" + registration.id(), write(registration), registered.isReplayed());
        }
        var problem = ((Rejected) outcome).problem();
        return new IdempotentResponse(problem.type().status(), null, write(problem.problem()), false);
    }

    private String write(Object body) {
        try {
            return mapper.writeValueAsString(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static RestResponse<String> response(IdempotentResponse stored) {
        var response = ResponseBuilder.<String>create(stored.status())
                .type(stored.status() == 201 ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE)
                .entity(stored.body());
        if (stored.location() != null) {
            response.header(HttpHeaders.LOCATION, stored.location());
        }
        if (stored.replayed()) {
            response.header(REPLAYED, "true");
        }
        return response.build();
    }
}
