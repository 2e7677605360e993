package dev.minicompete.platform.bootstrap;

import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLException;

/**
 * Waits until PostgreSQL accepts connections, without a time limit, since it may be started after this process. An error that waiting does
 * not cure, such as a wrong password, ends the wait.
 */
final class PostgresWait {

    private static final int TIMEOUT_SECONDS = 2;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

    /** Classes 28 (invalid authorization) and 3D (no such database) of PostgreSQL's error codes, appendix A. */
    private static final Map<String, String> FINAL = Map.of("28...", "DB_USER or DB_PASSWORD", "3D...", "DB_NAME");

    /** Of the driver: no encryption, another name in the certificate. Of the server: no connections without encryption. */
    private static final Pattern REFUSED_ENCRYPTION =
            Pattern.compile("does not support SSL|PgjdbcHostnameVerifier|\\bno encryption\\b");

    private final PGSimpleDataSource postgres = new PGSimpleDataSource();

    PostgresWait(Environment environment) {
        postgres.setServerNames(new String[] {environment.get("DB_HOST", "localhost")});
        postgres.setPortNumbers(new int[] {Integer.parseInt(environment.get("DB_PORT", "5432"))});
        postgres.setDatabaseName(environment.get("DB_NAME", "minicompete"));
        postgres.setUser(environment.get("DB_USER", "minicompete"));
        postgres.setPassword(environment.get("DB_PASSWORD", ""));
        environment.postgresTls().jdbcProperties().forEach(this::setProperty);
        postgres.setConnectTimeout(TIMEOUT_SECONDS);
        postgres.setSocketTimeout(TIMEOUT_SECONDS);
    }

    private void setProperty(String name, String value) {
        try {
            postgres.setProperty(name, value);
        } catch (SQLException unknownProperty) {
            throw new IllegalArgumentException(unknownProperty);
        }
    }

    /** Returns once PostgreSQL accepts connections; with a reason when it never will. */
    Optional<String> await() {
        try {
            for (var tries = 0L; ; tries++) {
                var failure = connect();
                if (failure.isEmpty()) {
                    return Optional.empty();
                }
                var variable = variable(failure.get());
                if (variable.isPresent()) {
                    return variable.map(name -> name + ": " + line(failure.get()));
                }
                if (tries % (BETWEEN_LINES.toMillis() / BETWEEN_TRIES.toMillis()) == 0) {
                    System.err.printf(
                            "Mini Compete waits for PostgreSQL at %s:%d: %s%n",
                            postgres.getServerNames()[0], postgres.getPortNumbers()[0], line(failure.get()));
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was interrupted while it waited for PostgreSQL");
        }
    }

    private Optional<SQLException> connect() {
        try (var connection = postgres.getConnection()) {
            return Optional.empty();
        } catch (SQLException failure) {
            return Optional.of(failure);
        }
    }

    /** The variable to change; empty when the failure may pass by itself. */
    private static Optional<String> variable(SQLException failure) {
        var message = String.valueOf(failure.getMessage());
        if (hasCause(failure, CertificateException.class) || hasCause(failure, CertPathValidatorException.class)) {
            return Optional.of("DB_SSL_ROOT_CERT");
        }
        if (REFUSED_ENCRYPTION.matcher(message).find()) {
            return Optional.of("DB_SSL_MODE");
        }
        var state = String.valueOf(failure.getSQLState());
        return FINAL.entrySet().stream()
                .filter(variable -> state.matches(variable.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** What the server says, without what the driver adds in the language of the JVM. */
    private String line(SQLException failure) {
        if (hasCause(failure, UnknownHostException.class)) {
            return "the name " + postgres.getServerNames()[0] + " cannot be resolved";
        }
        return failure instanceof PSQLException reported && reported.getServerErrorMessage() != null
                ? reported.getServerErrorMessage().getSeverity() + ": "
                        + reported.getServerErrorMessage().getMessage()
                : StartFailure.line(failure);
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
