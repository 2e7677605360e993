package dev.minicompete.jobs.outbox;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.Job;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The jobs in PostgreSQL, where nothing is ever lost. A claim is a lease with a fencing token (Kleppmann, "How to do
 * distributed locking", 2016): each later step names the token and has no effect once somebody else has the job.
 */
@ApplicationScoped
public class Outbox {

    /**
     * A job that was ever claimed, or that may have been in a dead worker's hands, has an attempt or a lease's end. Whoever
     * meets another worker here waits for the end of its transaction; should two wait for each other, PostgreSQL
     * says so, and they go on with claims, which wait for nobody.
     */
    private static final String TAKE_UNTRIED = """
            DELETE FROM outbox USING (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
            WHERE id = ANY ($1) AND attempts = 0 AND leased_until IS NULL AND run_at <= clock_timestamp()
                AND kind = ANY ($2)
            RETURNING id, kind, competition_id, registration_id, user_id, created_at, attempts + 1 AS attempts, trace_parent
            """;

    private static final String SUSPECT = """
            UPDATE outbox SET leased_until = clock_timestamp()
            WHERE id IN (SELECT id FROM outbox WHERE id = ANY ($1) AND leased_until IS NULL ORDER BY id FOR UPDATE SKIP LOCKED)
            """;

    /** Attempts are counted here, so that a job that kills its worker is counted, too. */
    private static final String CLAIM = """
            UPDATE outbox SET attempts = attempts + 1, lease = $2,
                leased_until = clock_timestamp() + $3::int8 * interval '1 millisecond'
            WHERE id IN (
                SELECT id FROM outbox
                WHERE id = ANY ($1) AND run_at <= clock_timestamp()
                    AND (leased_until IS NULL OR leased_until < clock_timestamp())
                ORDER BY id FOR UPDATE SKIP LOCKED)
            RETURNING id, kind, competition_id, registration_id, user_id, created_at, attempts, trace_parent
            """;

    private static final String FIND_DELAYED = """
            SELECT id, run_at FROM outbox
            WHERE id = ANY ($1) AND run_at > clock_timestamp()
            """;

    private static final String FINISH = """
            DELETE FROM outbox WHERE id = ANY ($1) AND lease = $2
            RETURNING id
            """;

    private static final String RETRY_LATER = """
            UPDATE outbox SET lease = NULL, leased_until = NULL, error = $4,
                run_at = clock_timestamp() + $3::int8 * interval '1 millisecond'
            WHERE id = $1 AND lease = $2
            RETURNING run_at
            """;

    private static final String RELEASE = """
            UPDATE outbox SET attempts = attempts - 1, lease = NULL, leased_until = NULL
            WHERE id = $1 AND lease = $2
            RETURNING run_at
            """;

    private static final String RELEASE_ALL = """
            UPDATE outbox SET attempts = attempts - 1, lease = NULL, leased_until = NULL
            WHERE id = ANY ($1) AND lease = $2
            """;

    private static final String BURY = """
            WITH dead AS (DELETE FROM outbox WHERE id = $1 AND lease = $2 RETURNING *)
            INSERT INTO failed_jobs
                (id, kind, competition_id, registration_id, user_id, attempts, error, created_at, failed_at)
            SELECT id, kind, competition_id, registration_id, user_id, $3, $4, created_at, clock_timestamp()
            FROM dead
            """;

    private static final String BURY_UNREADABLE = """
            INSERT INTO failed_jobs (id, kind, attempts, error) VALUES ($1, 'unreadable', 1, $2) ON CONFLICT DO NOTHING
            """;

    /**
     * What is due and unclaimed, and should have been claimed before whatever the queue hands out next. What is locked is being
     * done. The time stands in a query of its own, which makes it a constant that an index can be searched for.
     */
    private static final String FIND_LOST = """
            SELECT id, run_at FROM outbox
            WHERE run_at < (
                    WITH head AS MATERIALIZED (SELECT run_at FROM outbox WHERE id = ANY ($1))
                    SELECT least(clock_timestamp(), min(run_at)) - $2::int8 * interval '1 millisecond' FROM head)
                AND (leased_until IS NULL OR leased_until < clock_timestamp())
                AND (run_at, id) < (coalesce($3::timestamptz, 'infinity'),
                    coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
            ORDER BY run_at DESC, id DESC
            LIMIT $5
            FOR UPDATE SKIP LOCKED
            """;

    private final Pool pool;

    Outbox(Pool pool) {
        this.pool = pool;
    }

    /** Takes those of the jobs that are due and that nobody has tried yet, within a transaction that is about to do them. */
    public Uni<List<Job>> takeUntried(SqlConnection transaction, Collection<UUID> ids, String[] kinds) {
        return transaction
                .preparedQuery(TAKE_UNTRIED)
                .execute(Tuple.of(array(ids), kinds))
                .map(rows -> Rows.list(rows, Job::of));
    }

    /** Marks jobs that may have been somebody's first try and its end: whoever tries them next must count it. */
    public Uni<Void> markPossiblyAttempted(Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(SUSPECT)
                        .execute(Tuple.of((Object) array(ids)))
                        .replaceWithVoid();
    }

    /** Claims those of the jobs that are due and held by nobody. */
    public Uni<List<Job>> claim(Collection<UUID> ids, UUID lease, Duration duration) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(array(ids), lease, duration.toMillis()))
                .map(rows -> Rows.list(rows, Job::of));
    }

    /** Those of the jobs that are not due yet, with the time when they will be. */
    public Uni<List<Waiting>> findDelayed(Collection<UUID> ids) {
        return pool.preparedQuery(FIND_DELAYED)
                .execute(Tuple.of((Object) array(ids)))
                .map(Outbox::waiting);
    }

    /**
     * Deletes those of the jobs that are still under this lease, within a transaction that is about to do them, and
     * returns which they are.
     */
    public Uni<List<UUID>> finish(SqlConnection transaction, Collection<UUID> ids, UUID lease) {
        return transaction
                .preparedQuery(FINISH)
                .execute(Tuple.of(array(ids), lease))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }

    /** Gives a job up until later; returns when that is, or nothing when somebody else has it by now. */
    public Uni<Optional<Instant>> retryLater(UUID id, UUID lease, Duration delay, String error) {
        return pool.preparedQuery(RETRY_LATER)
                .execute(Tuple.of(id, lease, delay.toMillis(), error))
                .map(rows -> times(rows, "run_at").stream().findFirst());
    }

    /** Gives a job back that was not tried; returns when it was due, or nothing when somebody else has it by now. */
    public Uni<Optional<Instant>> release(UUID id, UUID lease) {
        return pool.preparedQuery(RELEASE)
                .execute(Tuple.of(id, lease))
                .map(rows -> times(rows, "run_at").stream().findFirst());
    }

    /** Gives those of the jobs back that are still under this lease, as if they had not been tried. */
    public Uni<Void> releaseAll(Collection<UUID> ids, UUID lease) {
        return pool.preparedQuery(RELEASE_ALL)
                .execute(Tuple.of(array(ids), lease))
                .replaceWithVoid();
    }

    /** Moves a job to the dead letters, unless somebody else has it by now. */
    public Uni<Void> moveToFailed(UUID id, UUID lease, int attempts, String error) {
        return pool.preparedQuery(BURY)
                .execute(Tuple.of(id, lease, attempts, error))
                .replaceWithVoid();
    }

    /** Keeps for the operator what cannot be read: once, however often it is met. */
    public Uni<Void> buryUnreadable(String entry, String error) {
        return pool.preparedQuery(BURY_UNREADABLE)
                .execute(Tuple.of(UuidCreator.getNameBasedSha1(entry), error))
                .replaceWithVoid();
    }

    /**
     * Jobs that are due and that nobody holds any more, youngest first.
     *
     * @param heads the jobs that the queue hands out next: whatever is younger than they is merely waiting
     * @param grace how long a job may be on its way into the queue
     * @param before where to go on, or null to start
     */
    public Uni<List<Waiting>> findLost(Collection<UUID> heads, Duration grace, Waiting before, int limit) {
        var parameters = Tuple.tuple()
                .addValue(array(heads))
                .addValue(grace.toMillis())
                .addValue(before == null ? null : before.dueAt())
                .addValue(before == null ? null : before.id())
                .addValue(limit);
        return pool.preparedQuery(FIND_LOST).execute(parameters).map(Outbox::waiting);
    }

    /** A job and when it is due. */
    public record Waiting(UUID id, OffsetDateTime dueAt) {}

    private static List<Waiting> waiting(RowSet<Row> rows) {
        return Rows.stream(rows)
                .map(row -> new Waiting(row.getUUID("id"), row.getOffsetDateTime("run_at")))
                .toList();
    }

    private static List<Instant> times(RowSet<Row> rows, String column) {
        return Rows.stream(rows)
                .map(row -> row.getOffsetDateTime(column).toInstant())
                .toList();
    }

    private static UUID[] array(Collection<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }
}
