package dev.minicompete.jobs.worker;

import java.time.Duration;
import java.util.Optional;

/**
 * When to try a failed job again: exponential backoff with full jitter (Marc Brooker, "Exponential Backoff And Jitter",
 * AWS Architecture Blog, 2015), which spreads out what failed together.
 *
 * @param maxAttempts attempts before a job is given up
 * @param base the longest wait after the first attempt
 * @param cap the longest wait of all
 */
record RetryPolicy(int maxAttempts, Duration base, Duration cap) {

    /**
     * The wait after this many attempts; empty when there were enough.
     *
     * @param random a number from 0 (inclusive) to 1 (exclusive)
     */
    Optional<Duration> delayAfter(int attempts, double random) {
        if (attempts >= maxAttempts) {
            return Optional.empty();
        }
        // Beyond 2^40 times any base the cap has long been reached; the shift must not overflow on the way.
        var factor = 1L << Math.min(attempts - 1, 40);
        var ceiling = Math.min((double) base.toMillis() * factor, cap.toMillis());
        return Optional.of(Duration.ofMillis((long) (ceiling * random)));
    }
}
