package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.JobClaim;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** What becomes of a claimed job that is not done: it is tried again later, given back or buried. */
@ApplicationScoped
class JobCompleter {

    private static final Logger LOG = Logger.getLogger(JobCompleter.class);

    private final JobQueue queue;
    private final Outbox outbox;
    private final JobMetrics metrics;
    private final RetryPolicy policy;

    JobCompleter(JobQueue queue, Outbox outbox, JobMetrics metrics, JobsConfig config) {
        this.queue = queue;
        this.outbox = outbox;
        this.metrics = metrics;
        this.policy = new RetryPolicy(
                config.retry().maxAttempts(),
                config.retry().backoffBase(),
                config.retry().backoffMax());
    }

    /** Whether the job has had all its attempts before this claim. */
    boolean isExhausted(Job job) {
        return job.attempts() > policy.maxAttempts();
    }

    /** After an attempt that failed: later, or never again. */
    Uni<Void> retryOrBury(JobClaim claim, Job job, Throwable failure) {
        metrics.failed(job.kind());
        var error = JobFailure.describe(failure);
        var delay =
                policy.delayAfter(job.attempts(), ThreadLocalRandom.current().nextDouble());
        if (delay.isEmpty()) {
            LOG.errorf(failure, "Job %s (%s) failed for the last time", job.id(), job.kind());
            return moveToFailed(claim, job, error);
        }
        LOG.warnf(
                "Job %s (%s) failed at attempt %d, next in %s: %s",
                job.id(), job.kind(), job.attempts(), delay.get(), failure);
        return outbox.retryLater(job.id(), claim.lease(), delay.get(), error).flatMap(due -> settle(claim, job, due));
    }

    /** What there was no time for is handed back, before its lease runs out or a shutdown has to wait for it. */
    Uni<Void> release(JobClaim claim, Job job) {
        return outbox.release(job.id(), claim.lease()).flatMap(due -> settle(claim, job, due));
    }

    /** Gives the job up, for this reason. */
    Uni<Void> moveToFailed(JobClaim claim, Job job, String error) {
        // The claim that finds a job spent is no attempt any more.
        var attempts = Math.min(job.attempts(), policy.maxAttempts());
        LOG.errorf("Job %s (%s) is dead after %d attempts: %s", job.id(), job.kind(), attempts, error);
        return outbox.moveToFailed(job.id(), claim.lease(), attempts, error).chain(() -> acknowledge(claim, job));
    }

    private Uni<Void> settle(JobClaim claim, Job job, Optional<Instant> due) {
        return due.isPresent() ? queue.delay(claim.worker(), job.id().toString(), due.get()) : acknowledge(claim, job);
    }

    private Uni<Void> acknowledge(JobClaim claim, Job job) {
        return queue.acknowledge(claim.worker(), List.of(job.id().toString()));
    }
}
