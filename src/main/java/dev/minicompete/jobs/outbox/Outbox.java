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
import org.jspecify.annotations.Nullable;

/**
 * The jobs in PostgreSQL, which is authoritative. A claim is a lease with a fencing token (Kleppmann, "How to do distributed
 * locking", 2016): each later step names the token and has no effect once another worker has claimed the job.
 */
@ApplicationScoped
public class Outbox {

    /**
     * A job that was claimed before, or that a dead worker may have tried, has attempts or a {@code leased_until}. Two workers
     * that take the same job wait for each other's transaction; on a deadlock they continue with claims, which skip locked
     * rows.
     */
    private static final String TAKE_UNTRIED = """
            DELETE FROM outbox USING (SELECT set_config('synchronous_commit', 'off', true)) AS setting
            WHERE id = ANY ($1) AND attempts = 0 AND leased_until IS NULL AND run_at <= clock_timestamp()
                AND kind = ANY ($2)
            RETURNING id, kind, competition_id, registration_id, user_id, created_at, attempts + 1 AS attempts, trace_parent
            """;

    private static final String MARK_POSSIBLY_ATTEMPTED = """
            UPDATE outbox SET leased_until = clock_timestamp()
            WHERE id IN (SELECT id FROM outbox WHERE id = ANY ($1) AND leased_until IS NULL ORDER BY id FOR UPDATE SKIP LOCKED)
            """;

    /**
     * Counts the attempt at its start, so that a job that kills its worker runs out of attempts. A job that still has a lease may
     * be such a job: it is claimed only when there are no others, and alone, those with the fewest attempts first.
     */
    private static final String CLAIM = """
            WITH claimable AS MATERIALIZED (
                SELECT id, attempts, lease IS NOT NULL AS suspect FROM outbox
                WHERE id = ANY ($1) AND run_at <= clock_timestamp()
                    AND (leased_until IS NULL OR leased_until < clock_timestamp())
                ORDER BY id FOR UPDATE SKIP LOCKED)
            UPDATE outbox SET attempts = attempts + 1, lease = $2,
                leased_until = clock_timestamp() + $3::int8 * interval '1 millisecond'
            WHERE id IN (
                SELECT id FROM (
                    SELECT id, suspect, row_number() OVER (ORDER BY suspect, attempts, id) AS n FROM claimable) c
                WHERE NOT suspect OR n = 1)
            RETURNING id, kind, competition_id, registration_id, user_id, created_at, attempts, trace_parent
            """;

    private static final String EXTEND = """
            UPDATE outbox SET leased_until = clock_timestamp() + $3::int8 * interval '1 millisecond'
            WHERE id = $1 AND lease = $2
            """;

    private static final String FIND_DELAYED = """
            SELECT id, run_at FROM outbox
            WHERE id = ANY ($1) AND run_at > clock_timestamp()
            """;

    private static final String FIND_CLAIMABLE = """
            SELECT id, run_at FROM outbox
            WHERE id = ANY ($1) AND kind = ANY ($2) AND run_at <= clock_timestamp()
                AND (leased_until IS NULL OR leased_until < clock_timestamp())
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

    /** With a {@code leased_until}, so that the next attempt is a claim, and no neighbour waits for the same lock. */
    private static final String POSTPONE = """
            UPDATE outbox SET attempts = attempts - 1, lease = NULL, leased_until = clock_timestamp(), error = $4,
                run_at = clock_timestamp() + $3::int8 * interval '1 millisecond'
            WHERE id = $1 AND lease = $2
            RETURNING run_at
            """;

    private static final String RELEASE = """
            UPDATE outbox SET attempts = attempts - 1, lease = NULL, leased_until = NULL
            WHERE id = ANY ($1) AND lease = $2
            """;

    private static final String MOVE_TO_FAILED = """
            WITH deleted AS (DELETE FROM outbox WHERE id = $1 AND lease = $2 RETURNING *)
            INSERT INTO failed_jobs
                (id, kind, competition_id, registration_id, user_id, attempts, error, created_at, failed_at)
            SELECT id, kind, competition_id, registration_id, user_id, $3, $4, created_at, clock_timestamp()
            FROM deleted
            """;

    private static final String INSERT_UNREADABLE = """
            INSERT INTO failed_jobs (id, kind, attempts, error) VALUES ($1, 'unreadable', 1, $2) ON CONFLICT DO NOTHING
            """;

    /**
     * Finds jobs that are due, not claimed, and older than the head of their queue. Locked rows are being worked on. Each kind
     * is looked up in the index on its own, so that a long queue of one kind does not slow down the search for others. The time
     * is in a subquery, which makes it a constant that the index can be searched for.
     */
    private static final String FIND_LOST = """
            WITH RECURSIVE head AS MATERIALIZED (SELECT min(run_at) AS run_at FROM outbox WHERE id = ANY ($1)),
            kinds (kind) AS (
                SELECT min(kind) FROM outbox
                UNION ALL
                SELECT (SELECT min(kind) FROM outbox WHERE kind > kinds.kind) FROM kinds WHERE kind IS NOT NULL)
            SELECT lost.id, lost.run_at
            FROM kinds CROSS JOIN LATERAL (
                SELECT id, run_at FROM outbox
                WHERE kind = kinds.kind
                    AND run_at < (SELECT least(clock_timestamp(), run_at) - $2::int8 * interval '1 millisecond' FROM head)
                    AND (leased_until IS NULL OR leased_until < clock_timestamp())
                    AND (run_at, id) < (coalesce($3::timestamptz, 'infinity'),
                        coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                ORDER BY run_at DESC, id DESC
                LIMIT $5
                FOR UPDATE SKIP LOCKED) lost
            WHERE (kinds.kind = ANY ($6)) = $7
            ORDER BY lost.run_at DESC, lost.id DESC
            LIMIT $5
            """;

    private final Pool pool;

    Outbox(Pool pool) {
        this.pool = pool;
    }

    /** Deletes and returns the jobs that are due and were never tried, within the transaction that does them. */
    public Uni<List<Job>> takeUntried(SqlConnection transaction, Collection<UUID> ids, String[] kinds) {
        return transaction
                .preparedQuery(TAKE_UNTRIED)
                .execute(Tuple.of(array(ids), kinds))
                .map(rows -> Rows.list(rows, Job::of));
    }

    /** Marks jobs that a dead worker may have tried, so that their next attempt is a claim, which is counted. */
    public Uni<Void> markPossiblyAttempted(Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(MARK_POSSIBLY_ATTEMPTED)
                        .execute(Tuple.of((Object) array(ids)))
                        .replaceWithVoid();
    }

    /**
     * Claims the jobs that are due and not claimed, except those whose worker died in a claim. If there are only such jobs, claims
     * one of them.
     */
    public Uni<List<Job>> claim(Collection<UUID> ids, UUID lease, Duration duration) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(array(ids), lease, duration.toMillis()))
                .map(rows -> Rows.list(rows, Job::of));
    }

    /** Lets a claim last for this long from now; returns false if it was lost. */
    public Uni<Boolean> extend(UUID id, UUID lease, Duration duration) {
        return pool.preparedQuery(EXTEND)
                .execute(Tuple.of(id, lease, duration.toMillis()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Returns the jobs that are not due yet, with the time at which they will be. */
    public Uni<List<Waiting>> findDelayed(Collection<UUID> ids) {
        return pool.preparedQuery(FIND_DELAYED)
                .execute(Tuple.of((Object) array(ids)))
                .map(Outbox::waiting);
    }

    /** Returns those of the jobs that have one of these kinds and can be claimed, with the time at which they became due. */
    public Uni<List<Waiting>> findClaimable(Collection<UUID> ids, String[] kinds) {
        return pool.preparedQuery(FIND_CLAIMABLE)
                .execute(Tuple.of(array(ids), kinds))
                .map(Outbox::waiting);
    }

    /**
     * Deletes the jobs that are still claimed with this lease, within the transaction that does them, and returns their ids.
     */
    public Uni<List<UUID>> finish(SqlConnection transaction, Collection<UUID> ids, UUID lease) {
        return transaction
                .preparedQuery(FINISH)
                .execute(Tuple.of(array(ids), lease))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }

    /** Ends a claim after a failed attempt; returns when the job is due again, or empty if the claim was lost. */
    public Uni<Optional<Instant>> retryLater(UUID id, UUID lease, Duration delay, String error) {
        return delay(RETRY_LATER, id, lease, delay, error);
    }

    /** As {@link #retryLater}, after an attempt that does not count. */
    public Uni<Optional<Instant>> postpone(UUID id, UUID lease, Duration delay, String error) {
        return delay(POSTPONE, id, lease, delay, error);
    }

    private Uni<Optional<Instant>> delay(String statement, UUID id, UUID lease, Duration delay, String error) {
        return pool.preparedQuery(statement)
                .execute(Tuple.of(id, lease, delay.toMillis(), error))
                .map(rows -> times(rows, "run_at").stream().findFirst());
    }

    /** Ends claims with this lease without an attempt. */
    public Uni<Void> release(Collection<UUID> ids, UUID lease) {
        return pool.preparedQuery(RELEASE).execute(Tuple.of(array(ids), lease)).replaceWithVoid();
    }

    /** Moves a job to the failed jobs, unless the claim was lost. */
    public Uni<Void> moveToFailed(UUID id, UUID lease, int attempts, String error) {
        return pool.preparedQuery(MOVE_TO_FAILED)
                .execute(Tuple.of(id, lease, attempts, error))
                .replaceWithVoid();
    }

    /** Stores an invalid queue entry as a failed job for the operator; the same entry is stored once. */
    public Uni<Void> insertUnreadable(String entry, String error) {
        return pool.preparedQuery(INSERT_UNREADABLE)
                .execute(Tuple.of(UuidCreator.getNameBasedSha1(entry), error))
                .replaceWithVoid();
    }

    /**
     * Finds jobs that are due but neither queued nor claimed, youngest first.
     *
     * @param heads the jobs at the head of the queue: younger jobs are still waiting
     * @param grace how long a job may take to get into the queue
     * @param before the last job of the previous call; null for the first call
     * @param slowKinds the kinds that have the slow queue
     * @param slow whether the queue is the slow one
     */
    public Uni<List<Waiting>> findLost(
            Collection<UUID> heads,
            Duration grace,
            @Nullable Waiting before,
            int limit,
            String[] slowKinds,
            boolean slow) {
        var parameters = Tuple.tuple()
                .addValue(array(heads))
                .addValue(grace.toMillis())
                .addValue(before == null ? null : before.dueAt())
                .addValue(before == null ? null : before.id())
                .addValue(limit)
                .addValue(slowKinds)
                .addValue(slow);
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
