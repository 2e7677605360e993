package dev.minicompete.platform.maintenance;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores which runs succeeded, and which process is at work on one. */
@ApplicationScoped
class ScheduledRunRepository {

    private static final String FIND =
            "SELECT clock_timestamp() AS now, (SELECT completed FROM scheduled_runs WHERE name = $1) AS completed";

    private static final String CLAIM = """
            INSERT INTO scheduled_runs AS r (name, claim, claimed_until)
            VALUES ($1, $2, now() + $3::int8 * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET claim = excluded.claim, claimed_until = excluded.claimed_until
            WHERE r.claimed_until <= now() AND r.completed IS NOT DISTINCT FROM $4
            """;

    private static final String EXTEND = """
            UPDATE scheduled_runs SET claimed_until = now() + $3::int8 * interval '1 millisecond'
            WHERE name = $1 AND claim = $2
            """;

    private static final String COMPLETE =
            "UPDATE scheduled_runs SET completed = $3, claimed_until = now() WHERE name = $1 AND claim = $2";

    private final Pool pool;

    ScheduledRunRepository(Pool pool) {
        this.pool = pool;
    }

    /**
     * What is known of some scheduled work.
     *
     * @param now the time by PostgreSQL's clock
     * @param completed the due time of the last run that succeeded; null before the first
     */
    record State(Instant now, @Nullable Instant completed) {}

    Uni<State> find(String name) {
        return pool.preparedQuery(FIND).execute(Tuple.of(name)).map(rows -> {
            var row = rows.iterator().next();
            var completed = row.getOffsetDateTime("completed");
            return new State(
                    row.getOffsetDateTime("now").toInstant(), completed == null ? null : completed.toInstant());
        });
    }

    /**
     * Claims a run for this long; returns whether it succeeded. It fails while another claim holds, and when a run was completed since
     * {@code completed} was read.
     */
    Uni<Boolean> claim(String name, UUID claim, Duration lease, @Nullable Instant completed) {
        var parameters = Tuple.of(name, claim, lease.toMillis(), completed == null ? null : utc(completed));
        return pool.preparedQuery(CLAIM).execute(parameters).map(rows -> rows.rowCount() == 1);
    }

    /** Extends a claim to this long from now, if it still holds. */
    Uni<Void> extend(String name, UUID claim, Duration lease) {
        return pool.preparedQuery(EXTEND)
                .execute(Tuple.of(name, claim, lease.toMillis()))
                .replaceWithVoid();
    }

    /** Notes that the run that was due at this time succeeded, and ends its claim. */
    Uni<Void> complete(String name, UUID claim, Instant due) {
        return pool.preparedQuery(COMPLETE)
                .execute(Tuple.of(name, claim, utc(due)))
                .replaceWithVoid();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
