package dev.minicompete.platform.http.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts responses that are the server's fault. The counters exist from the start: Prometheus computes rates from the second sample on, so an
 * alert on a counter that appears with the first failure would miss that failure.
 */
@Startup
@Singleton
class ProblemMetrics {

    private final Map<String, Counter> counters;

    ProblemMetrics(MeterRegistry registry) {
        counters = Stream.of(ProblemType.INTERNAL_ERROR, ProblemType.UNAVAILABLE)
                .map(ProblemType::code)
                .collect(Collectors.toMap(
                        Function.identity(),
                        code -> Counter.builder("http.server.problems")
                                .description("Responses that are the server's fault, by the problem's code")
                                .tag("code", code)
                                .register(registry)));
    }

    void count(ProblemException failure) {
        var counter = counters.get(failure.type().code());
        if (counter != null) {
            counter.increment();
        }
    }
}
