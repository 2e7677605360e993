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

/** Ends the claims of jobs that are not done: they are retried later, released, or become failed jobs. */
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

    /** Whether the job had used all its attempts before this claim. */
    boolean isExhausted(Job job) {
        return job.attempts() > policy.maxAttempts();
    }

    /** Ends a failed attempt: the job is retried after a delay, or becomes a failed job after its last attempt. */
    Uni<Void> retryOrFail(JobClaim claim, Job job, Throwable failure) {
        metrics.failed(job.kind());
        var error = JobFailure.describe(failure);
        var delay =
                policy.delayAfter(job.attempts(), ThreadLocalRandom.current().nextDouble());
        if (delay.isEmpty()) {
            LOG.errorf(failure, "The last attempt of job %s (%s) failed", job.id(), job.kind());
            return moveToFailed(claim, job, error);
        }
        LOG.warnf(
                "Job %s (%s) failed at attempt %d, the next one is in %s: %s",
                job.id(), job.kind(), job.attempts(), delay.get(), failure);
        return outbox.retryLater(job.id(), claim.lease(), delay.get(), error).flatMap(due -> settle(claim, job, due));
    }

    /** Ends a claim without an attempt. */
    Uni<Void> release(JobClaim claim, Job job) {
        return outbox.release(job.id(), claim.lease()).flatMap(due -> settle(claim, job, due));
    }

    /** Makes the job a failed job. */
    Uni<Void> moveToFailed(JobClaim claim, Job job, String error) {
        // The claim that finds the attempts exhausted is not an attempt.
        var attempts = Math.min(job.attempts(), policy.maxAttempts());
        LOG.errorf("Job %s (%s) is a failed job after %d attempts: %s", job.id(), job.kind(), attempts, error);
        return outbox.moveToFailed(job.id(), claim.lease(), attempts, error).chain(() -> acknowledge(claim, job));
    }

    private Uni<Void> settle(JobClaim claim, Job job, Optional<Instant> due) {
        return due.isPresent() ? queue.delay(claim.worker(), job.id().toString(), due.get()) : acknowledge(claim, job);
    }

    private Uni<Void> acknowledge(JobClaim claim, Job job) {
        return queue.acknowledge(claim.worker(), List.of(job.id().toString()));
    }
}
