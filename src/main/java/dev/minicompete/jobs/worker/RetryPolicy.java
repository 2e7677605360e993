package dev.minicompete.jobs.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * Exponential backoff with full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015), which
 * spreads the retries of jobs that failed at the same time.
 *
 * @param maxAttempts number of attempts before a job becomes a failed job
 * @param base maximum wait after the first attempt; it doubles with each attempt
 * @param cap upper limit of the maximum wait
 */
record RetryPolicy(int maxAttempts, Duration base, Duration cap) {

    /**
     * Returns the wait after this many attempts; empty after the last one.
     *
     * @param random a number from 0 (inclusive) to 1 (exclusive)
     */
    Optional<Duration> delayAfter(int attempts, double random) {
        if (attempts >= maxAttempts) {
            return Optional.empty();
        }
        // The shift is bounded so that it cannot overflow; 2^40 times the base is above any cap.
        var factor = 1L << Math.min(attempts - 1, 40);
        var ceiling = Math.min((double) base.toMillis() * factor, cap.toMillis());
        return Optional.of(Duration.ofMillis((long) (ceiling * random)));
    }
}
