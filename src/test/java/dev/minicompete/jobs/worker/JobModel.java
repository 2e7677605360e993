package dev.minicompete.jobs.worker;

import java.util.Optional;

/**
 * The model of a job. A job that was committed is in one place: waiting, failed or done. It leaves the failed ones by a retry
 * only, and what is done stays done. Its attempts are bounded.
 */
final class JobModel {

    /** What is stored about a job. */
    record Stored(boolean waiting, boolean failed, int effects, int attempts) {}

    private final int maxAttempts;
    private boolean failed;

    /** Tries of this job alone, since it was committed or retried. */
    int tries;

    JobModel(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /** A retried job has all its attempts. */
    void retry() {
        tries = failed ? 0 : tries;
        failed = false;
    }

    /**
     * Compares the job with what is stored after a step; returns what does not hold.
     *
     * @param outages number of interrupted attempts so far, which do not count
     */
    Optional<String> compare(Stored stored, int outages) {
        var places = (stored.waiting ? 1 : 0) + (stored.failed ? 1 : 0) + stored.effects;
        var left = failed && !stored.failed;
        failed = stored.failed;
        if (places != 1) {
            return Optional.of(places == 0 ? "is lost" : "is in %d places: %s".formatted(places, stored));
        }
        if (left) {
            return Optional.of("is not failed any more, without a retry");
        }
        // The first try is not counted.
        if (tries > maxAttempts + 1 + outages || stored.failed && stored.attempts > maxAttempts) {
            return Optional.of("was tried too often: %d times, %d of them counted".formatted(tries, stored.attempts));
        }
        return Optional.empty();
    }
}
