package dev.minicompete.registration;

import static java.util.Objects.requireNonNull;

import dev.minicompete.registration.RegistrationOutcome.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Counts registration requests by outcome and times the transactions. */
@Startup
@ApplicationScoped
class RegistrationMetrics {

    private final Map<Decision, Counter> counters = new EnumMap<>(Decision.class);
    private final Timer transactions;

    RegistrationMetrics(MeterRegistry registry) {
        transactions = Timer.builder("registration.transactions")
                .description(
                        "Transactions that register a batch, from acquiring the connection to the end of the commit")
                .register(registry);
        for (var decision : Decision.values()) {
            counters.put(
                    decision,
                    Counter.builder("registrations")
                            .description("Registration requests by outcome")
                            .tag("outcome", decision.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** Records a committed transaction. */
    void committed(long nanos) {
        transactions.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts a request. */
    void count(RegistrationOutcome outcome) {
        // The constructor adds a counter for each decision.
        requireNonNull(counters.get(outcome.decision())).increment();
    }
}
