package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobsConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * Exponential backoff with full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), which
 * spreads the retries of jobs that failed at the same time.
 *
 * @param maxAttempts number of attempts before a job becomes a failed job
 * @param base maximum wait after the first attempt; it doubles with each attempt
 * @param cap upper limit of the maximum wait
 * @param period how long a job is retried at least, however many attempts that takes
 */
record RetryPolicy(int maxAttempts, Duration base, Duration cap, Duration period) {

    static RetryPolicy of(JobsConfig.Retry config) {
        return new RetryPolicy(config.maxAttempts(), config.backoffBase(), config.backoffMax(), config.period());
    }

    /**
     * Whether a job had used all its attempts before this one, which it has when it kills its workers. The mean wait is half the cap, so
     * that twice the attempts that fit into the period are enough.
     */
    boolean isExhausted(int attempts) {
        return attempts > maxAttempts + 4 * period.dividedBy(cap);
    }

    /**
     * Returns the wait after this many attempts; empty after the last one.
     *
     * @param age the time since the job was added
     * @param random a number from 0 (inclusive) to 1 (exclusive)
     */
    Optional<Duration> delayAfter(int attempts, Duration age, double random) {
        if (attempts >= maxAttempts && age.compareTo(period) >= 0) {
            return Optional.empty();
        }
        // The shift is bounded so that it cannot overflow; 2^40 times the base is above any cap.
        var factor = 1L << Math.min(attempts - 1, 40);
        var ceiling = Math.min((double) base.toMillis() * factor, cap.toMillis());
        return Optional.of(Duration.ofMillis((long) (ceiling * random)));
    }

    /**
     * Returns the wait after an attempt that does not count. It is at most as long as the job has waited already, so that it doubles, too.
     *
     * @param age the time since the job was added
     * @param random a number from 0 (inclusive) to 1 (exclusive)
     */
    Duration delayUncounted(Duration age, double random) {
        var ceiling = Math.min(Math.max(age.toMillis(), base.toMillis()), cap.toMillis());
        return Duration.ofMillis((long) (ceiling * random));
    }
}
