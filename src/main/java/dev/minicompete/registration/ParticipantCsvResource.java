package dev.minicompete.registration;

import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Downloads the participants of a competition as CSV. */
@Path("/api/competitions/{id}/registrations.csv")
@Tag(name = "Registrations")
class ParticipantCsvResource {

    private final ParticipantService service;
    private final Caller caller;

    ParticipantCsvResource(ParticipantService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    @GET
    @Produces("text/csv")
    @RolesAllowed(Role.Names.ORGANIZER)
    @Operation(summary = "Download the participants of a competition of the caller as CSV (RFC 4180)")
    @APIResponse(responseCode = "200", description = "A header row, then a row for each registration")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "validation not-found")
    public Multi<String> csv(
            @RestPath UUID id,
            @RestQuery
                    @Parameter(
                            description = "Whether the file begins with a byte order mark, by which Excel knows UTF-8",
                            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
                    @Nullable
                    String bom) {
        return service.download(id, caller.id(), Parameters.flag("bom", bom));
    }
}
