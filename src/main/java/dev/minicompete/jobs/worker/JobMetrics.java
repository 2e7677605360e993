package dev.minicompete.jobs.worker;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/** What became of jobs, by kind. */
@ApplicationScoped
class JobMetrics {

    private final MeterRegistry registry;

    JobMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void done(String kind, int jobs, long nanos) {
        registry.counter("jobs.done", "kind", kind).increment(jobs);
        registry.timer("jobs.batch.duration", "kind", kind).record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(String kind) {
        registry.counter("jobs.failed", "kind", kind).increment();
    }

    /** Entries of the queue that named no job to be worked on. */
    void discarded(String reason, int entries) {
        registry.counter("jobs.discarded", "reason", reason).increment(entries);
    }
}
