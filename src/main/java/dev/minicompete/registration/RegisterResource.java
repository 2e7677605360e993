package dev.minicompete.registration;

import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.idempotency.IdempotentResponse;
import dev.minicompete.platform.http.json.JsonParser;
import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.problem.Problem;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
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

@Path("/api/competitions/{id}/register")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Registrations")
class RegisterResource {

    private static final String REPLAYED = "Idempotent-Replayed";

    private final RegistrationService service;
    private final Caller caller;
    private final JsonParser json;

    RegisterResource(RegistrationService service, Caller caller, JsonParser json) {
        this.service = service;
        this.caller = caller;
        this.json = json;
    }

    @POST
    // The body is read only after the key was: the first thing wrong is what the client is told.
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Role.Names.PARTICIPANT)
    @Operation(
            summary = "Register for a competition",
            description =
                    "Gives a seat, or a place on the waitlist where there is one. Repeating it with the same key is"
                            + " safe: it gets the same answer, marked by the header Idempotent-Replayed.")
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
            description = "Registered; Location says where",
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
    public Uni<RestResponse<String>> register(@RestPath UUID id, @Context HttpHeaders headers, byte[] body) {
        var key = IdempotencyKey.of(headers.getRequestHeader(IdempotencyKey.HEADER));
        var request = json.parseOptional(headers, body, RegistrationRequest.class);
        return service.register(caller.id(), id, key, RegistrationRequest.checkedNote(request))
                .map(RegisterResource::response);
    }

    private static RestResponse<String> response(IdempotentResponse answer) {
        var response = ResponseBuilder.<String>create(answer.status())
                .type(answer.status() == 201 ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE)
                .entity(answer.body());
        if (answer.location() != null) {
            response.header(HttpHeaders.LOCATION, answer.location());
        }
        if (answer.replayed()) {
            response.header(REPLAYED, "true");
        }
        return response.build();
    }
}
