package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.JobClaim;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Ends the claims of jobs that are not done: they are retried later, or become failed jobs. */
@ApplicationScoped
class JobCompleter {

    private static final Logger LOG = Logger.getLogger(JobCompleter.class);

    private final JobQueue queue;
    private final Outbox outbox;
    private final JobMetrics metrics;
    private final JobHandlers handlers;
    private final JobsConfig config;
    private final Clock clock;

    JobCompleter(
            JobQueue queue, Outbox outbox, JobMetrics metrics, JobHandlers handlers, JobsConfig config, Clock clock) {
        this.queue = queue;
        this.outbox = outbox;
        this.metrics = metrics;
        this.handlers = handlers;
        this.config = config;
        this.clock = clock;
    }

    private RetryPolicy policy(Job job) {
        return RetryPolicy.of(handlers.of(job.kind()).flatMap(JobHandler::retry).orElseGet(config::retry));
    }

    /** Whether the job had used all its attempts before this claim. */
    boolean isExhausted(Job job) {
        return policy(job).isExhausted(job.attempts());
    }

    /**
     * Ends a failed attempt: the job is retried after a delay, or becomes a failed job after its last attempt. While PostgreSQL is
     * unavailable or contended the attempt does not count, unless it may have had an effect outside of PostgreSQL.
     */
    Uni<Void> retryOrFail(JobClaim claim, Job job, Throwable failure) {
        if (Failures.isTemporary(failure) && !handlers.requiresOwnTransaction(job.kind())) {
            return postpone(claim, job, failure);
        }
        metrics.failed(job.kind());
        var error = JobFailure.describe(failure);
        var delay = delay(job, failure);
        if (delay.isEmpty()) {
            return moveToFailed(claim, job, job.attempts(), error, JobFailure.isExpected(failure) ? null : failure);
        }
        LOG.warnf(
                "Job %s (%s) failed at attempt %d, the next one is in %s: %s",
                job.id(), job.kind(), job.attempts(), delay.get(), JobFailure.line(failure));
        return outbox.retryLater(job.id(), claim.lease(), delay.get(), error).flatMap(due -> delay(claim, job, due));
    }

    private Uni<Void> postpone(JobClaim claim, Job job, Throwable failure) {
        var delay =
                policy(job).delayUncounted(age(job), ThreadLocalRandom.current().nextDouble());
        LOG.warnf(
                "Job %s (%s) is tried again in %s, since PostgreSQL is unavailable or contended: %s",
                job.id(), job.kind(), delay, JobFailure.line(failure));
        return outbox.postpone(job.id(), claim.lease(), delay, JobFailure.describe(failure))
                .flatMap(due -> delay(claim, job, due));
    }

    /** Moves the entry to the delayed ones; removes it if the claim was lost. */
    private Uni<Void> delay(JobClaim claim, Job job, Optional<Instant> due) {
        return due.isPresent() ? queue.delay(claim.worker(), job.id().toString(), due.get()) : acknowledge(claim, job);
    }

    private Duration age(Job job) {
        return Duration.between(job.createdAt(), clock.instant());
    }

    private Optional<Duration> delay(Job job, Throwable failure) {
        return JobFailure.isPermanent(failure)
                ? Optional.empty()
                : policy(job)
                        .delayAfter(
                                job.attempts(),
                                age(job),
                                ThreadLocalRandom.current().nextDouble());
    }

    /** Makes a job a failed job whose workers died at each attempt. */
    Uni<Void> failExhausted(JobClaim claim, Job job) {
        // This claim is not an attempt.
        return moveToFailed(claim, job, policy(job).maxAttempts(), "The worker died at each attempt", null);
    }

    private Uni<Void> moveToFailed(
            JobClaim claim, Job job, int attempts, String error, @Nullable Throwable unexpected) {
        LOG.errorf(
                unexpected, "Job %s (%s) is a failed job after %d attempts: %s", job.id(), job.kind(), attempts, error);
        return outbox.moveToFailed(job.id(), claim.lease(), attempts, error).chain(() -> acknowledge(claim, job));
    }

    private Uni<Void> acknowledge(JobClaim claim, Job job) {
        return queue.acknowledge(claim.worker(), List.of(job.id().toString()));
    }
}
