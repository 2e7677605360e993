package dev.minicompete.jobs.failed;

import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads, retries and deletes the failed jobs of an organizer's competitions. */
@ApplicationScoped
class FailedJobRepository {

    /** Reads at most one page for each of the organizer's competitions, by index. */
    private static final String FIND = find("");

    /** Its condition is not in the other statement, so that a cached plan uses the index for it. */
    private static final String FIND_KIND = find(" AND kind = $5 ");

    private static final String FIND_ONE = "SELECT " + FailedJobView.COLUMNS + """
             FROM failed_jobs f
            JOIN competitions c ON c.id = f.competition_id AND c.organizer_id = $1
            WHERE f.id = $2
            """;

    /**
     * Moves the jobs that {@code chunk} names back to the outbox. They are due at once, as new, and have all their attempts. They
     * keep their ids, so that a mail already sent is not sent again.
     */
    private static final String MOVE_CHUNK = """
            , retried AS (
                DELETE FROM failed_jobs WHERE id = ANY (ARRAY (SELECT id FROM chunk))
                RETURNING id, kind, competition_id, registration_id, user_id)
            INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
            SELECT id, kind, competition_id, registration_id, user_id FROM retried
            RETURNING id
            """;

    private static final String RETRY = """
            WITH chunk AS (
                SELECT f.id FROM failed_jobs f JOIN competitions c ON c.id = f.competition_id AND c.organizer_id = $1
                WHERE f.id = $2)
            """ + MOVE_CHUNK;

    /** The organizer's jobs that had failed by then. Rows that are locked are being retried or deleted. */
    private static final String RETRY_CHUNK = """
            WITH chunk AS (
                SELECT f.id FROM competitions c CROSS JOIN LATERAL (
                    SELECT id FROM failed_jobs WHERE competition_id = c.id AND failed_at <= $2
                    ORDER BY failed_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) f
                WHERE c.organizer_id = $1
                LIMIT $3)
            """ + MOVE_CHUNK;

    private static final String COUNT = """
            SELECT count(*)::int AS jobs FROM (
                SELECT FROM competitions c CROSS JOIN LATERAL (
                    SELECT FROM failed_jobs WHERE competition_id = c.id AND failed_at <= $2
                    ORDER BY failed_at, id LIMIT $3) f
                WHERE c.organizer_id = $1
                LIMIT $3) AS counted
            """;

    private static final String DISCARD = """
            DELETE FROM failed_jobs f USING competitions c
            WHERE c.id = f.competition_id AND c.organizer_id = $1 AND f.id = $2
            """;

    private final Pool pool;

    FailedJobRepository(Pool pool) {
        this.pool = pool;
    }

    private static String find(String condition) {
        return "SELECT " + FailedJobView.COLUMNS + """
                 FROM competitions c CROSS JOIN LATERAL (
                    SELECT * FROM failed_jobs
                    WHERE competition_id = c.id
                """ + condition + """
                        AND (failed_at, id) < (coalesce($2::timestamptz, 'infinity'),
                            coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
                    ORDER BY failed_at DESC, id DESC
                    LIMIT $4) f
                WHERE c.organizer_id = $1
                ORDER BY f.failed_at DESC, f.id DESC
                LIMIT $4
                """;
    }

    /** The rows of a page, latest first, of this kind or of all if it is null. */
    Uni<List<FailedJobView>> find(UUID organizer, @Nullable String kind, PageRequest page) {
        var after = page.after();
        var parameters = Tuple.tuple()
                .addValue(organizer)
                .addValue(after == null ? null : after.at().atOffset(ZoneOffset.UTC))
                .addValue(after == null ? null : after.id())
                .addValue(page.rows());
        var rows = kind == null
                ? pool.preparedQuery(FIND).execute(parameters)
                : pool.preparedQuery(FIND_KIND).execute(parameters.addValue(kind));
        return Database.inTime(rows).map(found -> Rows.list(found, FailedJobView::of));
    }

    /** The failed job; null when there is none. */
    Uni<@Nullable FailedJobView> find(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(FIND_ONE).execute(Tuple.of(organizer, id)))
                .map(rows -> Rows.first(rows, FailedJobView::of));
    }

    /** Moves the job back to the outbox; says whether it was there. */
    Uni<Boolean> retry(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(RETRY).execute(Tuple.of(organizer, id)))
                .map(rows -> rows.size() > 0);
    }

    /** Moves up to this many jobs that had failed by then back to the outbox; returns their ids. */
    Uni<List<UUID>> retry(SqlConnection transaction, UUID organizer, OffsetDateTime failedBy, int limit) {
        return transaction
                .preparedQuery(RETRY_CHUNK)
                .execute(Tuple.of(organizer, failedBy, limit))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }

    /** Counts the jobs that had failed by then, up to the limit. */
    Uni<Integer> count(SqlConnection transaction, UUID organizer, OffsetDateTime failedBy, int limit) {
        return transaction
                .preparedQuery(COUNT)
                .execute(Tuple.of(organizer, failedBy, limit))
                .map(rows -> rows.iterator().next().getInteger("jobs"));
    }

    /** Deletes the job; says whether it was there. */
    Uni<Boolean> discard(UUID organizer, UUID id) {
        return Database.inTime(pool.preparedQuery(DISCARD).execute(Tuple.of(organizer, id)))
                .map(rows -> rows.rowCount() > 0);
    }
}
