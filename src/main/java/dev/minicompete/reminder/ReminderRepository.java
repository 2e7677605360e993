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

/** Finds who is to be reminded and enqueues it, with any number of others doing the same. */
@ApplicationScoped
class ReminderRepository {

    private static final String FIND_STARTING = """
            SELECT id FROM competitions
            WHERE starts_at > now() AND starts_at <= now() + $1::int8 * interval '1 millisecond'
                AND cancelled_at IS NULL
            ORDER BY starts_at, id
            """;

    /**
     * Marks and enqueues in one statement. The mark is what makes it exactly once: whoever inserts it first enqueues. The
     * start is read here again, since it may have moved.
     */
    private static final String ENQUEUE = """
            WITH looked AS MATERIALIZED (
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
                SELECT id, starts_at FROM looked WHERE status = 'confirmed' ORDER BY id
                ON CONFLICT DO NOTHING
                RETURNING registration_id, job_id),
            enqueued AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
                SELECT m.job_id, $6, $1, l.id, l.participant_id
                FROM marked m JOIN looked l ON l.id = m.registration_id
                RETURNING id, registration_id)
            SELECT l.created_at, l.id, e.id AS job_id
            FROM looked l LEFT JOIN enqueued e ON e.registration_id = l.id
            ORDER BY l.created_at, l.id
            """;

    private final Pool pool;

    ReminderRepository(Pool pool) {
        this.pool = pool;
    }

    /** The competitions that start within the window, soonest first. */
    Uni<List<UUID>> findStarting(Duration window) {
        return pool.preparedQuery(FIND_STARTING)
                .execute(Tuple.of(window.toMillis()))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }

    /**
     * A part of a competition's registrations that was looked at.
     *
     * @param jobs the reminders that this added
     * @param last where to go on, or null when there was nothing more
     */
    record Chunk(List<UUID> jobs, Place last) {}

    /** A registration's place in its competition's list. */
    record Place(OffsetDateTime createdAt, UUID id) {}

    /** Enqueues the reminders that are missing among the next registrations of a competition. */
    Uni<Chunk> enqueue(UUID competitionId, Duration window, Place after, int limit) {
        var parameters = Tuple.tuple()
                .addValue(competitionId)
                .addValue(window.toMillis())
                .addValue(after == null ? null : after.createdAt)
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
            return new Chunk(jobs, last.orElse(null));
        });
    }
}
