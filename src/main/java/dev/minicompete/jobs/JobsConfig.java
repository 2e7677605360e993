package dev.minicompete.jobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How this process works on jobs. */
@ConfigMapping(prefix = "jobs")
public interface JobsConfig {

    /** Whether this process works on jobs. */
    boolean workerEnabled();

    /** When failed attempts are repeated. */
    Retry retry();

    /** Number of batches that this process works on at a time. */
    @WithDefault("4")
    int parallel();

    /** Number of jobs of slow kinds that this process works on at a time, besides the batches. */
    @WithDefault("3")
    int slowParallel();

    /** Maximum number of jobs in a batch. */
    @WithDefault("200")
    int batchSize();

    /** How long a claim is valid. A worker that is frozen for longer loses its jobs to others. */
    @WithDefault("PT30S")
    Duration lease();

    /**
     * How long a handler may work on its jobs; an attempt that takes longer has failed. Less than a quarter of the lease: a batch that
     * fails late, and then its jobs one by one for half of the lease, end within it.
     */
    @WithDefault("PT7S")
    Duration handlerTimeout();

    /** How long after its last heartbeat a worker counts as alive. */
    @WithDefault("PT15S")
    Duration heartbeatTimeout();

    /**
     * How long one round of a loop of the worker may last; longer than the time limits of all its steps. Loops that take slow
     * entries have the {@link JobHandler#performLimit} on top of it. A loop that takes longer hangs: it counts as dead and makes the
     * process not ready.
     */
    @WithDefault("PT1M")
    Duration stallTimeout();

    /** How long a due job may be neither queued nor claimed before it counts as lost. A push takes milliseconds. */
    @WithDefault("PT5S")
    Duration relayGrace();

    /** Interval at which the leader searches for lost jobs, dead workers and due retries. */
    @WithDefault("PT1S")
    Duration maintenanceInterval();

    /** Interval at which the jobs are counted for the metrics. */
    @WithDefault("PT5S")
    Duration gaugeInterval();

    /** Exponential backoff with full jitter; see {@code RetryPolicy}. */
    interface Retry {

        /** Number of attempts before a job becomes a failed job. */
        int maxAttempts();

        /** How long a job is retried at least, however many attempts that takes. */
        @WithDefault("PT0S")
        Duration period();

        /** Maximum wait after the first attempt; it doubles with each attempt. */
        Duration backoffBase();

        /** Upper limit of the maximum wait. */
        Duration backoffMax();
    }
}
