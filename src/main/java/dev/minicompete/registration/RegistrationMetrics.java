package dev.minicompete.registration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What became of registrations, by outcome. */
@ApplicationScoped
class RegistrationMetrics {

    private final Map<Verdict.Decision, Counter> counters = new EnumMap<>(Verdict.Decision.class);

    RegistrationMetrics(MeterRegistry registry) {
        for (var decision : Verdict.Decision.values()) {
            counters.put(
                    decision,
                    Counter.builder("registrations")
                            .description("Registrations that were asked for")
                            .tag("outcome", decision.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void count(Verdict verdict) {
        counters.get(verdict.decision()).increment();
    }
}
