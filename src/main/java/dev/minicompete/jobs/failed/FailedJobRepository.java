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

/** The dead letters of an organizer's competitions. */
@ApplicationScoped
class FailedJobRepository {

    /** No more than a page of each competition is read, and nothing of what is others'. */
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

    /** With all attempts again and due at once; under the same id, so that a mail that went out stays the only one. */
    private static final String RETRY = """
            WITH back AS (
                DELETE FROM failed_jobs f USING competitions c
                WHERE c.id = f.competition_id AND c.organizer_id = $1 AND ($2::uuid IS NULL OR f.id = $2)
                RETURNING f.*)
            INSERT INTO outbox (id, kind, competition_id, registration_id, user_id, created_at)
            SELECT id, kind, competition_id, registration_id, user_id, created_at FROM back
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

    /** A page's rows, latest first, of one kind or, where it is null, of all. */
    Uni<List<FailedJobView>> find(UUID organizer, String kind, PageRequest page) {
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

    /** The failed job, or null. */
    Uni<FailedJobView> find(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(FIND_ONE).execute(Tuple.of(organizer, id)))
                .map(rows -> Rows.first(rows, FailedJobView::of));
    }

    /** Makes the job, or all where the id is null, a job to be done again; returns the ids. */
    Uni<List<UUID>> retry(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(RETRY).execute(Tuple.of(organizer, id)))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }

    /** Deletes the job; says whether it was there. */
    Uni<Boolean> discard(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(DISCARD).execute(Tuple.of(organizer, id)))
                .map(rows -> rows.rowCount() > 0);
    }
}
