package dev.minicompete.registration;

import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
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

/** Lists, shows and cancels registrations. */
@Path("/api/registrations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Registrations")
class RegistrationResource {

    private final RegistrationService service;
    private final Caller caller;

    RegistrationResource(RegistrationService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    @GET
    @RolesAllowed(Role.Names.PARTICIPANT)
    @Operation(summary = "List the caller's registrations, newest first")
    @APIResponse(responseCode = "200", description = "A page of registrations, each with its competition")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "validation")
    public Uni<Page<OwnRegistrationView>> list(@RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        return service.findOwn(caller.id(), PageRequest.of(limit, cursor, "registrations", caller.id()));
    }

    @GET
    @Path("/{id}")
    @Authenticated
    @Operation(summary = "Show a registration to its participant or the competition's organizer")
    @APIResponse(responseCode = "200", description = "The registration")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.TOKEN + "not-found")
    public Uni<RegistrationView> get(@RestPath UUID id) {
        return service.find(id, caller.id());
    }

    @DELETE
    @Path("/{id}")
    @RolesAllowed(Role.Names.PARTICIPANT)
    @Operation(
            summary = "Cancel a registration of the caller",
            description = "Frees the seat for the first on the waitlist. Repeating it changes nothing.")
    @APIResponse(responseCode = "204", description = "The registration is cancelled")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found registration-not-cancellable")
    public Uni<Void> cancel(@RestPath UUID id) {
        return service.cancel(id, caller.id());
    }
}
