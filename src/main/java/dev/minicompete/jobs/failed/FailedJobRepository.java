package dev.minicompete.jobs.failed;

import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads, retries and deletes the failed jobs of an organizer's competitions. */
@ApplicationScoped
class FailedJobRepository {

    /** Reads at most one page for each of the organizer's competitions, by index. */
    private static final String FIND = "SELECT " + FailedJobView.COLUMNS + """
             FROM competitions c CROSS JOIN LATERAL (
                SELECT * FROM failed_jobs
                WHERE competition_id = c.id AND ($2::text IS NULL OR kind = $2)
                    AND (failed_at, id) < (coalesce($3::timestamptz, 'infinity'),
                        coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                ORDER BY failed_at DESC, id DESC
                LIMIT $5) f
            WHERE c.organizer_id = $1
            ORDER BY f.failed_at DESC, f.id DESC
            LIMIT $5
            """;

    private static final String FIND_ONE = "SELECT " + FailedJobView.COLUMNS + """
             FROM failed_jobs f
            JOIN competitions c ON c.id = f.competition_id AND c.organizer_id = $1
            WHERE f.id = $2
            """;

    /** The job is due at once, is as new, and has all its attempts. It keeps its id, so that a mail already sent is not sent again. */
    private static final String RETRY = """
            WITH retried AS (
                DELETE FROM failed_jobs f USING competitions c
                WHERE c.id = f.competition_id AND c.organizer_id = $1 AND ($2::uuid IS NULL OR f.id = $2)
                RETURNING f.*)
            INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
            SELECT id, kind, competition_id, registration_id, user_id FROM retried
            RETURNING id
            """;

    private static final String DISCARD = """
            DELETE FROM failed_jobs f USING competitions c
            WHERE c.id = f.competition_id AND c.organizer_id = $1 AND f.id = $2
            """;

    private final Pool pool;

    FailedJobRepository(Pool pool) {
        this.pool = pool;
    }

    /** The rows of a page, latest first, of this kind or of all if it is null. */
    Uni<List<FailedJobView>> find(UUID organizer, @Nullable String kind, PageRequest page) {
        var after = page.after();
        var parameters = Tuple.tuple()
                .addValue(organizer)
                .addValue(kind)
                .addValue(after == null ? null : after.at().atOffset(ZoneOffset.UTC))
                .addValue(after == null ? null : after.id())
                .addValue(page.rows());
        return Database.inTime(pool.preparedQuery(FIND).execute(parameters))
                .map(rows -> Rows.list(rows, FailedJobView::of));
    }

    /** The failed job; null when there is none. */
    Uni<@Nullable FailedJobView> find(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(FIND_ONE).execute(Tuple.of(organizer, id)))
                .map(rows -> Rows.first(rows, FailedJobView::of));
    }

    /** Moves the job, or all jobs if the id is null, back to the outbox; returns their ids. */
    Uni<List<UUID>> retry(UUID organizer, @Nullable UUID id) {
        return Database.inTime(pool.preparedQuery(RETRY).execute(Tuple.of(organizer, id)))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }

    /** Deletes the job; says whether it was there. */
    Uni<Boolean> discard(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(DISCARD).execute(Tuple.of(organizer, id)))
                .map(rows -> rows.rowCount() > 0);
    }
}
