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
 * Limits failed logins by account, known or not, and by client address. It counts in PostgreSQL, so that the limits
 * outlive a restart, hold across processes and need no Redis. A failure is answered after it was counted and a success
 * after the count was read: with any number of tries at once, the answers are those of some order of tries one by one.
 */
@ApplicationScoped
class LoginThrottle {

    private static final String WAIT = """
            SELECT max(extract(epoch FROM f.since - now()) + $5::float8)::float8 AS seconds
            FROM (VALUES ($1, $2::int), ($3, $4::int)) AS rule (subject, allowed)
            JOIN login_failures f ON f.subject = rule.subject AND f.failures >= rule.allowed
            WHERE f.since > now() - $5::float8 * interval '1 second'
            """;

    /** Accounts sort before addresses: every statement locks its two rows in the same order. */
    private static final String COUNT = """
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
    Uni<Void> admit(String email, String address) {
        return refuseWhileWaiting(WAIT, email, address);
    }

    /** Counts a failed login; fails with {@code too-many-requests} when it is one too many. */
    Uni<Void> failed(String email, String address) {
        return refuseWhileWaiting(COUNT, email, address);
    }

    private Uni<Void> refuseWhileWaiting(String statement, String email, String address) {
        var parameters = Tuple.of(
                "account:" + email,
                limits.perAccount(),
                "address:" + ClientAddress.network(address),
                limits.perAddress(),
                limits.window().toMillis() / 1000.0);
        return Database.inTime(pool.preparedQuery(statement).execute(parameters))
                .map(rows -> rows.iterator().next())
                .invoke(LoginThrottle::refuse)
                .replaceWithVoid();
    }

    private static void refuse(Row row) {
        var seconds = row.getDouble("seconds");
        if (seconds != null) {
            throw ProblemException.retryAfter(
                    ProblemType.TOO_MANY_REQUESTS,
                    "Too many failed logins; wait before you try again.",
                    Duration.ofMillis((long) (seconds * 1000)));
        }
    }
}
