package dev.minicompete.platform.bootstrap;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;

/** Describes in one line why Quarkus did not start, when the operator can mend it. */
final class StartFailure {

    /** Advertising in Flyway's messages, the repeated statement, and the place in PostgreSQL's source. */
    private static final String REST =
            "(?s)(Need more flexibility|Please remove any half-completed|Script .* failed\\s*-+|Location: File:).*";

    private StartFailure() {}

    /** The line, or empty when the failure is unexpected and its stack trace is needed. */
    static Optional<String> describe(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FlywayException schema) {
                return Optional.of("the schema of DB_NAME does not fit this version: " + line(schema));
            }
            if (cause instanceof BindException taken) {
                return Optional.of("PORT or MANAGEMENT_PORT: " + line(taken));
            }
            if (cause instanceof ConfigurationException || cause instanceof ConfigValidationException) {
                return Optional.of(line(cause));
            }
        }
        return Optional.empty();
    }

    /** The failure's message in one line. */
    static String line(Throwable failure) {
        return String.valueOf(failure.getMessage())
                .replaceFirst(REST, "")
                .strip()
                .replaceAll("\\s+", " ");
    }
}
