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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.extensions.Extension;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Lists, shows, retries and discards the failed jobs of an organizer's competitions. */
@Path("/api/failed-jobs")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Role.Names.ORGANIZER)
@Tag(name = "Failed jobs", description = "The dead-letter queue of one's own competitions")
class FailedJobResource {

    private final FailedJobService service;
    private final Caller caller;

    FailedJobResource(FailedJobService service, Caller caller) {
        this.service = service;
        this.caller = caller;
    }

    /** The number of retried jobs. */
    @Schema(name = "Retried")
    record Retried(
            @Schema(examples = "3", description = "Counted up to 1,000,000")
            int retried) {}

    @GET
    @Operation(summary = "List failed jobs, latest first")
    @APIResponse(responseCode = "200", description = "A page of failed jobs")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "validation")
    public Uni<Page<FailedJobView>> list(
            @RestQuery @Nullable String kind, @RestQuery @Nullable String limit, @RestQuery @Nullable String cursor) {
        Parameters.text("kind", kind);
        var page = PageRequest.of(limit, cursor, "failed-jobs", caller.id(), String.valueOf(kind));
        return service.list(caller.id(), kind, page);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Show a failed job")
    @APIResponse(responseCode = "200", description = "The failed job")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<FailedJobView> get(@RestPath UUID id) {
        return service.find(caller.id(), id);
    }

    @POST
    @Path("/{id}/retry")
    @ResponseStatus(202)
    @Operation(summary = "Retry a failed job, with its full number of attempts")
    @APIResponse(responseCode = "202", description = "The job will be retried")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<Void> retry(@RestPath UUID id) {
        return service.retry(caller.id(), id);
    }

    @POST
    @Path("/retry")
    @ResponseStatus(202)
    @Operation(summary = "Retry all failed jobs")
    @APIResponse(responseCode = "202", description = "The jobs will be retried")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE)
    public Uni<Retried> retryAll() {
        return service.retryAll(caller.id()).map(Retried::new);
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Discard a failed job")
    @APIResponse(responseCode = "204", description = "The job is deleted")
    @Extension(name = OpenApi.PROBLEMS, value = OpenApi.ROLE + "not-found")
    public Uni<Void> discard(@RestPath UUID id) {
        return service.discard(caller.id(), id);
    }
}
