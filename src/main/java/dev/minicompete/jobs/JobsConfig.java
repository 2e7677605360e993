package dev.minicompete.jobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How jobs are worked on. */
@ConfigMapping(prefix = "jobs")
public interface JobsConfig {

    /** Whether this process works on jobs. */
    boolean workerEnabled();

    Retry retry();

    /** Batches that one process works on at a time. */
    @WithDefault("4")
    int parallel();

    /** Jobs in a batch at the most. */
    @WithDefault("200")
    int batchSize();

    /** How long a claim holds. A worker frozen for longer has lost its jobs to others. */
    @WithDefault("PT30S")
    Duration lease();

    /** How long a worker that does not move counts as alive. */
    @WithDefault("PT15S")
    Duration heartbeatTimeout();

    /** How long a job that is due may be held by nobody before it counts as lost; a push takes milliseconds. */
    @WithDefault("PT5S")
    Duration relayGrace();

    /** How often lost jobs, dead workers and due retries are looked for. */
    @WithDefault("PT1S")
    Duration maintenanceInterval();

    /** How often the jobs are counted for the metrics. */
    @WithDefault("PT5S")
    Duration gaugeInterval();

    /** What becomes of a job that failed. */
    interface Retry {

        /** Attempts before a job is given up. */
        int maxAttempts();

        /** The longest wait after the first attempt; it doubles with each one. */
        Duration backoffBase();

        /** The longest wait of all. */
        Duration backoffMax();
    }
}
