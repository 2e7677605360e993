package dev.minicompete.reminder;

import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Enqueues missing reminders. Any number of processes may do so at the same time. */
@ApplicationScoped
class ReminderRepository {

    private static final String FIND_STARTING = """
            SELECT id, starts_at FROM competitions
            WHERE starts_at > now() AND starts_at <= now() + $1::int8 * interval '1 millisecond'
                AND cancelled_at IS NULL
                AND (starts_at, id) > (coalesce($2::timestamptz, '-infinity'),
                    coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
            ORDER BY starts_at, id
            LIMIT $4
            """;

    /**
     * Inserts a mark and a job for each reminder in one statement. Only the process that inserts the mark first inserts the job.
     * The start is read again, since it may have changed.
     */
    private static final String ENQUEUE = """
            WITH chunk AS MATERIALIZED (
                SELECT r.id, r.participant_id, r.created_at, r.status, c.starts_at
                FROM registrations r JOIN competitions c ON c.id = r.competition_id
                WHERE r.competition_id = $1
                    AND c.starts_at > now() AND c.starts_at <= now() + $2::int8 * interval '1 millisecond'
                    AND c.cancelled_at IS NULL
                    AND (r.created_at, r.id) > (coalesce($3::timestamptz, '-infinity'),
                        coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))
                ORDER BY r.created_at, r.id
                LIMIT $5),
            marked AS (
                INSERT INTO reminders (registration_id, starts_at)
                SELECT id, starts_at FROM chunk WHERE status = 'confirmed' ORDER BY id
                ON CONFLICT DO NOTHING
                RETURNING registration_id, job_id),
            enqueued AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
                SELECT m.job_id, $6, $1, l.id, l.participant_id
                FROM marked m JOIN chunk l ON l.id = m.registration_id
                RETURNING id, registration_id)
            SELECT l.created_at, l.id, e.id AS job_id
            FROM chunk l LEFT JOIN enqueued e ON e.registration_id = l.id
            ORDER BY l.created_at, l.id
            """;

    private final Pool pool;

    ReminderRepository(Pool pool) {
        this.pool = pool;
    }

    /** The position of a row in a list that is ordered by time and id. */
    record Place(OffsetDateTime time, UUID id) {}

    /**
     * Finds the next competitions that start within this time, soonest first.
     *
     * @param after the last competition of the previous chunk; null for the first chunk
     */
    Uni<List<Place>> findStarting(Duration window, @Nullable Place after, int limit) {
        var parameters =
                Tuple.of(window.toMillis(), after == null ? null : after.time, after == null ? null : after.id, limit);
        return pool.preparedQuery(FIND_STARTING)
                .execute(parameters)
                .map(rows -> Rows.list(rows, row -> new Place(row.getOffsetDateTime("starts_at"), row.getUUID("id"))));
    }

    /**
     * A processed part of the registrations of a competition.
     *
     * @param jobs the ids of the jobs that were added
     * @param last the last registration of the chunk; null if no registrations follow it
     */
    record Chunk(List<UUID> jobs, @Nullable Place last) {}

    /**
     * Enqueues the missing reminders of the next registrations of a competition.
     *
     * @param after the last registration of the previous chunk; null for the first chunk
     */
    Uni<Chunk> enqueue(UUID competitionId, Duration window, @Nullable Place after, int limit) {
        var parameters = Tuple.tuple()
                .addValue(competitionId)
                .addValue(window.toMillis())
                .addValue(after == null ? null : after.time)
                .addValue(after == null ? null : after.id)
                .addValue(limit)
                .addValue(ReminderHandler.KIND);
        return pool.preparedQuery(ENQUEUE).execute(parameters).map(rows -> {
            var jobs = Rows.stream(rows)
                    .map(row -> row.getUUID("job_id"))
                    .filter(id -> id != null)
                    .toList();
            var last = Rows.stream(rows)
                    .reduce((first, second) -> second)
                    .map(row -> new Place(row.getOffsetDateTime("created_at"), row.getUUID("id")));
            return new Chunk(jobs, rows.size() < limit ? null : last.orElse(null));
        });
    }
}
