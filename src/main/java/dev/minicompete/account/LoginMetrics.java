package dev.minicompete.account;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.security.PasswordHash;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Counts log-ins by outcome, and password hashes. */
@Startup
@ApplicationScoped
class LoginMetrics {

    private final Counter succeeded;
    private final Counter failed;
    private final Counter throttled;

    LoginMetrics(MeterRegistry registry) {
        var logins =
                Counter.builder("logins").description("Log-ins that were tried").withRegistry(registry);
        succeeded = logins.withTag("outcome", "succeeded");
        failed = logins.withTag("outcome", "failed");
        throttled = logins.withTag("outcome", "throttled");
        FunctionCounter.builder("password.hashes", PasswordHash.class, hashes -> PasswordHash.computed())
                .description("Password hashes that were computed")
                .register(registry);
    }

    /**
     * Counts a log-in. Failures of PostgreSQL or of the process are not counted.
     *
     * @param failure null when the log-in succeeded
     */
    void count(@Nullable Throwable failure) {
        if (failure == null) {
            succeeded.increment();
        } else if (ProblemException.is(ProblemType.BAD_CREDENTIALS).test(failure)) {
            failed.increment();
        } else if (ProblemException.is(ProblemType.TOO_MANY_REQUESTS).test(failure)) {
            throttled.increment();
        }
    }
}
