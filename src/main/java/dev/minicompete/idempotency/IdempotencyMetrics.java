package dev.minicompete.idempotency;

import dev.minicompete.idempotency.IdempotencyStore.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/** What Redis said of keys. */
@Startup
@ApplicationScoped
class IdempotencyMetrics {

    private final Counter claimed;
    private final Counter replayed;
    private final Counter reused;
    private final Counter inProgress;
    private final Counter unknown;

    IdempotencyMetrics(MeterRegistry registry) {
        claimed = counter(registry, "claimed");
        replayed = counter(registry, "replayed");
        reused = counter(registry, "reused");
        inProgress = counter(registry, "in_progress");
        unknown = counter(registry, "unknown");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("idempotency.keys")
                .description("Requests with an idempotency key, by what Redis said of it")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Counts a key that came with a request of this fingerprint. */
    void count(Outcome outcome, String fingerprint) {
        if (outcome instanceof Outcome.Claimed) {
            claimed.increment();
        } else if (outcome instanceof Outcome.Answered before) {
            (before.fingerprint().equals(fingerprint) ? replayed : reused).increment();
        } else if (outcome instanceof Outcome.InProgress) {
            inProgress.increment();
        } else {
            unknown.increment();
        }
    }
}
