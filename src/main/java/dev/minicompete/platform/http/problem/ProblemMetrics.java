package dev.minicompete.platform.http.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Counts responses that are the server's fault. The counters exist from the start: Prometheus computes rates from the second sample on, so an
 * alert on a counter that appears with the first failure would miss that failure.
 */
@Startup
@Singleton
class ProblemMetrics {

    private static final Set<ProblemType> COUNTED = Set.of(ProblemType.INTERNAL_ERROR, ProblemType.UNAVAILABLE);

    private final MeterProvider<Counter> counters;

    ProblemMetrics(MeterRegistry registry) {
        counters = Counter.builder("http.server.problems")
                .description("Responses that are the server's fault, by the problem's code")
                .withRegistry(registry);
        COUNTED.forEach(this::counter);
    }

    void count(ProblemException failure) {
        if (COUNTED.contains(failure.type())) {
            counter(failure.type()).increment();
        }
    }

    private Counter counter(ProblemType type) {
        return counters.withTag("code", type.code());
    }
}
