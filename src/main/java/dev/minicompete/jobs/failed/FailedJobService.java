package dev.minicompete.jobs.failed;

import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.paging.Cursor;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lists, retries and discards the failed jobs of an organizer's competitions, and logs each retry and discard. */
@ApplicationScoped
public class FailedJobService {

    private static final Logger LOG = Logger.getLogger(FailedJobService.class);

    private final FailedJobRepository failedJobs;
    private final FailedJobRetry retry;
    private final JobQueue queue;

    FailedJobService(FailedJobRepository failedJobs, FailedJobRetry retry, JobQueue queue) {
        this.failedJobs = failedJobs;
        this.retry = retry;
        this.queue = queue;
    }

    /** A page of failed jobs, latest first, of this kind or of all if it is null. */
    public Uni<Page<FailedJobView>> list(UUID organizer, @Nullable String kind, PageRequest page) {
        return failedJobs
                .find(organizer, kind, page)
                .map(rows -> page.page(rows, job -> new Cursor(job.failedAt(), job.id()), Function.identity()));
    }

    /** The failed job; fails with {@code not-found}. */
    Uni<FailedJobView> find(UUID organizer, UUID id) {
        return failedJobs.find(organizer, id).onItem().ifNull().failWith(ProblemException::notFound);
    }

    /** Puts the job back into the queue with all its attempts; fails with {@code not-found}. */
    public Uni<Void> retry(UUID organizer, UUID id) {
        return failedJobs
                .retry(organizer, id)
                .invoke(found -> {
                    if (!found) {
                        throw ProblemException.notFound();
                    }
                })
                .call(() -> queue.push(List.of(id)))
                .invoke(() -> LOG.infof("Organizer %s retries the failed job %s", organizer, id))
                .replaceWithVoid();
    }

    /**
     * Retries all jobs that have failed by now, at once or, beyond a chunk, by a job; returns their number. It counts up to
     * {@value FailedJobRetry#COUNTED} jobs.
     */
    public Uni<Integer> retryAll(UUID organizer) {
        return retry.start(organizer)
                .invoke(count -> LOG.infof("Organizer %s retries all %d failed jobs", organizer, count));
    }

    /** Deletes the job; fails with {@code not-found}. */
    public Uni<Void> discard(UUID organizer, UUID id) {
        return failedJobs
                .discard(organizer, id)
                .invoke(found -> {
                    if (!found) {
                        throw ProblemException.notFound();
                    }
                    LOG.infof("Organizer %s discards the failed job %s", organizer, id);
                })
                .replaceWithVoid();
    }
}
