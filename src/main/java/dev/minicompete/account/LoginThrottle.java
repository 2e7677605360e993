package dev.minicompete.account;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.security.ClientAddress;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Limits failed log-ins by e-mail address, known or not, and by client address. It counts in PostgreSQL, so that the limits
 * outlive a restart, hold across processes and need no Redis. A failure is answered after it was counted, a success after
 * the count was read, so that the outcome of concurrent attempts equals that of the same attempts in some order.
 */
@ApplicationScoped
class LoginThrottle {

    private static final String REMAINING_WAIT = """
            SELECT max(extract(epoch FROM f.since - now()) + $5::float8)::float8 AS seconds
            FROM (VALUES ($1, $2::int), ($3, $4::int)) AS rule (subject, allowed)
            JOIN login_failures f ON f.subject = rule.subject AND f.failures >= rule.allowed
            WHERE f.since > now() - $5::float8 * interval '1 second'
            """;

    /** Every statement locks its two rows in the same order: that of the account, then that of the address. */
    private static final String COUNT_FAILURE = """
            WITH counted AS (
                INSERT INTO login_failures AS f (subject, since, failures)
                VALUES ($1, now(), 1), ($3, now(), 1)
                ON CONFLICT (subject) DO UPDATE SET
                    since = CASE WHEN f.since > now() - $5::float8 * interval '1 second' THEN f.since ELSE now() END,
                    failures = CASE WHEN f.since > now() - $5::float8 * interval '1 second' THEN f.failures + 1 ELSE 1 END
                RETURNING subject, since, failures)
            SELECT max(extract(epoch FROM c.since - now()) + $5::float8)::float8 AS seconds
            FROM (VALUES ($1, $2::int), ($3, $4::int)) AS rule (subject, allowed)
            JOIN counted c ON c.subject = rule.subject AND c.failures > rule.allowed
            """;

    private final Pool pool;
    private final LoginConfig limits;

    LoginThrottle(Pool pool, LoginConfig limits) {
        this.pool = pool;
        this.limits = limits;
    }

    /** Fails with {@code too-many-requests} while the account or the address is limited. */
    Uni<Void> requireNotLimited(String email, String address) {
        return failWhenLimited(REMAINING_WAIT, email, address);
    }

    /** Counts a failed log-in. Fails with {@code too-many-requests} when it exceeds a limit. */
    Uni<Void> recordFailure(String email, String address) {
        return failWhenLimited(COUNT_FAILURE, email, address);
    }

    private Uni<Void> failWhenLimited(String statement, String email, String address) {
        var parameters = Tuple.of(
                "account:" + email,
                limits.perAccount(),
                "address:" + ClientAddress.network(address),
                limits.perAddress(),
                limits.window().toMillis() / 1000.0);
        return Database.inTime(pool.preparedQuery(statement).execute(parameters))
                .map(rows -> rows.iterator().next())
                .invoke(LoginThrottle::throwIfLimited)
                .replaceWithVoid();
    }

    private static void throwIfLimited(Row row) {
        var seconds = row.getDouble("seconds");
        if (seconds != null) {
            throw ProblemException.retryAfter(
                    ProblemType.TOO_MANY_REQUESTS,
                    "Too many failed log-ins; wait before you try again.",
                    Duration.ofMillis((long) (seconds * 1000)));
        }
    }
}
