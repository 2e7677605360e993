package dev.minicompete.web;

import dev.minicompete.jobs.failed.FailedJobService;
import dev.minicompete.platform.http.paging.PageRequest;
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
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Lists, retries and discards the failed jobs of the organizer's competitions. */
@Path("/organizer/failed-jobs")
@Page
@PermitAll
class FailedJobPages {

    private static final String LIST = "/organizer/failed-jobs?done=";

    private final FailedJobService failedJobs;
    private final Visitor visitor;

    FailedJobPages(FailedJobService failedJobs, Visitor visitor) {
        this.failedJobs = failedJobs;
        this.visitor = visitor;
    }

    @GET
    public Uni<Response> list(@RestQuery @Nullable String cursor, @RestQuery @DefaultValue("") String done) {
        var organizer = visitor.organizer().id();
        return failedJobs
                .list(organizer, null, PageRequest.of(null, cursor, "failed-jobs", organizer, "null"))
                .flatMap(page -> Html.page(Templates.failedJobs(page, cursor, done)));
    }

    @POST
    @Path("/retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> retryAll() {
        return failedJobs.retryAll(visitor.organizer().id()).map(count -> Html.redirect(LIST + "all-retried"));
    }

    @POST
    @Path("/{id}/retry")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> retry(@RestPath UUID id) {
        return unlessGone(failedJobs.retry(visitor.organizer().id(), id), "job-retried");
    }

    @POST
    @Path("/{id}/discard")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> discard(@RestPath UUID id) {
        return unlessGone(failedJobs.discard(visitor.organizer().id(), id), "job-discarded");
    }

    /** A job that no longer exists is no error: a second click sent the form again. */
    private static Uni<Response> unlessGone(Uni<Void> work, String done) {
        return work.map(ended -> done)
                .onFailure(ProblemException.is(ProblemType.NOT_FOUND))
                .recoverWithItem("job-gone")
                .map(code -> Html.redirect(LIST + code));
    }
}
