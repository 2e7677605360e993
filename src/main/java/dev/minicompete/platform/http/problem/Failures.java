package dev.minicompete.platform.http.problem;

import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** Classifies failures: an outage of a server that this process depends on, a violated constraint, or a bug. */
public final class Failures {

    /**
     * Classes of PostgreSQL's error codes, appendix A: no connection, login refused, no resources, operator intervention, system
     * error.
     */
    private static final Set<String> AWAY_CLASSES = Set.of("08", "28", "53", "57", "58");

    /** Lock timeout, serialization failure, deadlock. */
    private static final Set<String> CONTENTION_CODES = Set.of("55P03", "40001", "40P01");

    /** A server that is read-only during a failover, and a database that does not exist while it is restored. */
    private static final Set<String> AWAY_CODES = Set.of("25006", "3D000");

    /** A statement that took too long, or that somebody cancelled. */
    private static final String CANCELLED = "57014";

    private static final String UNIQUE_VIOLATION = "23505";

    private Failures() {}

    /** The problem for requests that fail because PostgreSQL or another server is away or overloaded. */
    public static ProblemException unavailable() {
        return ProblemException.retryAfter(
                ProblemType.UNAVAILABLE,
                "The service is temporarily unavailable. Please retry.",
                Duration.ofSeconds(1));
    }

    /** The failure for a server that does not respond in time; {@link #isAway} is true for it. */
    public static TimeoutException timeout(String server) {
        return new TimeoutException(server + " does not answer in time");
    }

    /** Whether the failure, or one of its causes, means that a server is away or overloaded. */
    public static boolean isAway(Throwable failure) {
        return causes(failure).anyMatch(Failures::meansAway);
    }

    private static boolean meansAway(Throwable cause) {
        // An error that PostgreSQL reports is a VertxException, too.
        return cause instanceof PgException sql
                ? isAway(sql.getSqlState())
                : cause instanceof SQLException wrapped && isAway(wrapped.getSQLState())
                        || cause instanceof ConnectionPoolTooBusyException
                        || isBrokenConnection(cause);
    }

    /** Whether the failure, or one of its causes, means that another transaction held a lock for too long. */
    public static boolean isContended(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof PgException sql
                        && sql.getSqlState() != null
                        && CONTENTION_CODES.contains(sql.getSqlState()));
    }

    /**
     * Whether the failure means that a server could not do the work at this time, for any work. A statement that PostgreSQL cancelled
     * may be one that takes too long each time.
     */
    public static boolean isTemporary(Throwable failure) {
        return isAway(failure)
                && causes(failure)
                        .noneMatch(cause -> cause instanceof PgException sql && CANCELLED.equals(sql.getSqlState()));
    }

    /**
     * Whether the failure, or one of its causes, means that PostgreSQL cannot be reached, rather than that it rejected or cancelled a
     * statement.
     */
    public static boolean isConnectionLost(Throwable failure) {
        return causes(failure)
                .filter(cause -> cause instanceof PgException || isBrokenConnection(cause))
                .findFirst()
                .filter(cause -> !(cause instanceof PgException sql)
                        || sql.getSqlState() != null && sql.getSqlState().matches("08.*|28.*|53.*|57P.*|3D000"))
                .isPresent();
    }

    /** The failure, its cause, and so on. */
    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static boolean isBrokenConnection(Throwable cause) {
        return cause instanceof ClosedConnectionException
                || cause instanceof IOException
                || cause instanceof TimeoutException
                || cause instanceof VertxException
                || cause instanceof NoStackTraceThrowable untyped && isInactive(untyped.getMessage());
    }

    /** The PostgreSQL client's message for a connection that ended between two statements; it has no type for it. */
    private static boolean isInactive(@Nullable String message) {
        return message != null && message.startsWith("Connection is not active");
    }

    /** Whether the statement violated the unique constraint of this name. */
    public static boolean isDuplicate(Throwable failure, String constraint) {
        // Hibernate Reactive passes on the SQL state, but not the exception.
        return causes(failure)
                .anyMatch(cause -> cause instanceof PgException sql
                                && UNIQUE_VIOLATION.equals(sql.getSqlState())
                                && constraint.equals(sql.getConstraint())
                        || cause instanceof ConstraintViolationException wrapped
                                && UNIQUE_VIOLATION.equals(wrapped.getSQLState())
                                && constraint.equals(wrapped.getConstraintName()));
    }

    private static boolean isAway(@Nullable String sqlState) {
        return sqlState != null
                && sqlState.length() == 5
                && (AWAY_CLASSES.contains(sqlState.substring(0, 2))
                        || CONTENTION_CODES.contains(sqlState)
                        || AWAY_CODES.contains(sqlState));
    }
}
