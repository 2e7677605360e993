package dev.minicompete.jobs.worker;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/** Counters and timers of jobs, by kind. */
@ApplicationScoped
class JobMetrics {

    private final MeterRegistry registry;

    JobMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Records a batch of jobs that was done in this time. */
    void done(String kind, int jobs, long nanos) {
        registry.counter("jobs.done", "kind", kind).increment(jobs);
        registry.timer("jobs.batch.duration", "kind", kind).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts a failed attempt. */
    void failed(String kind) {
        registry.counter("jobs.failed", "kind", kind).increment();
    }

    /** Counts queue entries that named no job to work on. */
    void discarded(String reason, int entries) {
        registry.counter("jobs.discarded", "reason", reason).increment(entries);
    }
}
