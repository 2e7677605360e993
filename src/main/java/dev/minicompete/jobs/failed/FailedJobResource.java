package dev.minicompete.jobs.failed;

import dev.minicompete.platform.http.openapi.OpenApi;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.paging.Parameters;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/api/failed-jobs")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.ORGANIZER)
@Tag(name = "Failed jobs", description = "The dead-letter queue, as far as it concerns one's own competitions")
class FailedJobResource {

    private final FailedJobService service;
    private final Caller caller;

    FailedJobResource(FailedJobService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    /** How many were retried. */
    @Schema(name = "Retried")
    record Retried(@Schema(examples = "3") int retried) {}

    @GET
    @Operation(summary = "List failed jobs, latest first")
    @APIResponse(responseCode = "200", description = "A page of failed jobs")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "validation")
    public Uni<Page<FailedJobView>> list(@RestQuery String kind, @RestQuery String limit, @RestQuery String cursor) {
        Parameters.text("kind", kind);
        var page = PageRequest.of(limit, cursor, "failed-jobs", caller.id(), String.valueOf(kind));
        return service.list(caller.id(), kind, page);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Show a failed job")
    @APIResponse(responseCode = "200", description = "The failed job")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<FailedJobView> get(@RestPath String id) {
        return service.find(caller.id(), Parameters.pathId(id));
    }

    @POST
    @Path("/{id}/retry")
    @ResponseStatus(202)
    @Operation(summary = "Retry a failed job, with its full number of attempts")
    @APIResponse(responseCode = "202", description = "It waits for a worker again")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<Void> retry(@RestPath String id) {
        return service.retry(caller.id(), Parameters.pathId(id));
    }

    @POST
    @Path("/retry")
    @ResponseStatus(202)
    @Operation(summary = "Retry all failed jobs")
    @APIResponse(responseCode = "202", description = "They wait for a worker again")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE)
    public Uni<Retried> retryAll() {
        return service.retryAll(caller.id()).map(Retried::new);
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Discard a failed job")
    @APIResponse(responseCode = "204", description = "It is gone")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<Void> discard(@RestPath String id) {
        return service.discard(caller.id(), Parameters.pathId(id));
    }
}
