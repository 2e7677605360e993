package dev.minicompete.platform.bootstrap;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Waits until PostgreSQL takes connections, as long as that may last: it may well be started after us. What does not get
 * better by waiting, such as a wrong password, ends it.
 */
final class PostgresWait {

    private static final int PATIENCE_SECONDS = 2;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

    /** Class 28 (who are you?) and code 3D000 (no such database) of PostgreSQL's error codes, appendix A. */
    private static final Set<String> FINAL = Set.of("28", "3D");

    private final PGSimpleDataSource postgres = new PGSimpleDataSource();

    PostgresWait(Environment environment) {
        postgres.setServerNames(new String[] {environment.get("DB_HOST", "localhost")});
        postgres.setPortNumbers(new int[] {Integer.parseInt(environment.get("DB_PORT", "5432"))});
        postgres.setDatabaseName(environment.get("DB_NAME", "minicompete"));
        postgres.setUser(environment.get("DB_USER", "minicompete"));
        postgres.setPassword(environment.get("DB_PASSWORD", ""));
        postgres.setConnectTimeout(PATIENCE_SECONDS);
        postgres.setSocketTimeout(PATIENCE_SECONDS);
    }

    /** Returns once PostgreSQL is there; with a reason, when it refuses us for good. */
    Optional<String> refusal() {
        try {
            for (var tries = 0L; ; tries++) {
                var failure = tryIt();
                if (failure.isEmpty() || isFinal(failure.get())) {
                    return failure.map(this::describe);
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

    private Optional<SQLException> tryIt() {
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
        return variable + ": " + line(failure);
    }

    private static String line(SQLException failure) {
        return failure.getMessage().replaceAll("\\s+", " ");
    }
}
