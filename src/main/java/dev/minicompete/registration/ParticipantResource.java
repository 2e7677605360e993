package dev.minicompete.registration;

import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Lists the participants of a competition. */
@Path("/api/competitions/{id}/registrations")
@RolesAllowed(Role.Names.ORGANIZER)
@Tag(name = "Registrations")
class ParticipantResource {

    private final ParticipantService service;
    private final Caller caller;

    ParticipantResource(ParticipantService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "List the participants of a competition of the caller, in the order of registration")
    @APIResponse(responseCode = "200", description = "A page of registrations, each with its participant")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found validation")
    public Uni<Page<ParticipantView>> list(
            @RestPath UUID id,
            @RestQuery @Nullable String status,
            @RestQuery @Nullable String limit,
            @RestQuery @Nullable String cursor) {
        return service.checkOrganizer(id, caller.id()).chain(() -> {
            Parameters.oneOf("status", status, ParticipantService.STATUSES);
            var page = PageRequest.of(limit, cursor, "participants", id, String.valueOf(status));
            return service.find(id, status, page);
        });
    }
}
