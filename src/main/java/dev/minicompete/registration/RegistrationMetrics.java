package dev.minicompete.registration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What became of registrations, by outcome, and what their transactions took. */
@Startup
@ApplicationScoped
class RegistrationMetrics {

    private final Map<RegistrationOutcome.Decision, Counter> counters =
            new EnumMap<>(RegistrationOutcome.Decision.class);

    private final Timer transactions;

    RegistrationMetrics(MeterRegistry registry) {
        transactions = Timer.builder("registration.transactions")
                .description(
                        "Transactions that take a batch of registrations, from asking for a connection to the end of the commit")
                .register(registry);
        for (var decision : RegistrationOutcome.Decision.values()) {
            counters.put(
                    decision,
                    Counter.builder("registrations")
                            .description("Registrations that were asked for")
                            .tag("outcome", decision.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** Counts a transaction that was committed. */
    void committed(long nanos) {
        transactions.record(nanos, TimeUnit.NANOSECONDS);
    }

    void count(RegistrationOutcome verdict) {
        counters.get(verdict.decision()).increment();
    }
}
