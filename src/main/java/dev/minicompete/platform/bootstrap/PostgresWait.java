package dev.minicompete.platform.bootstrap;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Waits until PostgreSQL accepts connections, without a time limit, since it may be started after this process. An error that waiting does
 * not cure, such as a wrong password, ends the wait.
 */
final class PostgresWait {

    private static final int TIMEOUT_SECONDS = 2;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

    /** Classes 28 (invalid authorization) and 3D (no such database) of PostgreSQL's error codes, appendix A. */
    private static final Set<String> FINAL = Set.of("28", "3D");

    private final PGSimpleDataSource postgres = new PGSimpleDataSource();

    PostgresWait(Environment environment) {
        postgres.setServerNames(new String[] {environment.get("DB_HOST", "localhost")});
        postgres.setPortNumbers(new int[] {Integer.parseInt(environment.get("DB_PORT", "5432"))});
        postgres.setDatabaseName(environment.get("DB_NAME", "minicompete"));
        postgres.setUser(environment.get("DB_USER", "minicompete"));
        postgres.setPassword(environment.get("DB_PASSWORD", ""));
        postgres.setConnectTimeout(TIMEOUT_SECONDS);
        postgres.setSocketTimeout(TIMEOUT_SECONDS);
    }

    /** Returns once PostgreSQL accepts connections; with a reason when it never will. */
    Optional<String> await() {
        try {
            for (var tries = 0L; ; tries++) {
                var failure = connect();
                if (failure.isEmpty() || isFinal(failure.get())) {
                    return failure.map(this::describe);
                }
                if (tries % (BETWEEN_LINES.toMillis() / BETWEEN_TRIES.toMillis()) == 0) {
                    System.err.printf(
                            "Mini Compete waits for PostgreSQL at %s:%d: %s%n",
                            postgres.getServerNames()[0],
                            postgres.getPortNumbers()[0],
                            StartFailure.line(failure.get()));
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

    private static boolean isFinal(SQLException failure) {
        var state = failure.getSQLState();
        return state != null && state.length() == 5 && FINAL.contains(state.substring(0, 2));
    }

    private String describe(SQLException failure) {
        var variable = failure.getSQLState().startsWith("3D") ? "DB_NAME" : "DB_USER or DB_PASSWORD";
        return variable + ": " + StartFailure.line(failure);
    }
}
