package dev.minicompete.registration;

import dev.minicompete.platform.maintenance.PurgeStep;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Deletes old cancelled registrations. */
@Singleton
class CancelledRegistrationPurge implements PurgeStep {

    /**
     * A registration with a job is kept: the job needs it to write the mail. A chunk therefore begins after the previous one, so that those
     * that are kept are read once.
     */
    private static final String STATEMENT = """
            WITH chunk AS MATERIALIZED (
                SELECT id, cancelled_at FROM registrations
                WHERE status = 'cancelled' AND cancelled_at < now() - $2::text::interval
                    AND (cancelled_at, id) > (coalesce($3::timestamptz, '-infinity'),
                        coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))
                ORDER BY cancelled_at, id LIMIT $1),
            deleted AS (
                DELETE FROM registrations WHERE id = ANY (ARRAY (
                    SELECT id FROM chunk c
                    WHERE NOT EXISTS (SELECT FROM outbox o WHERE o.registration_id = c.id)
                        AND NOT EXISTS (SELECT FROM failed_jobs f WHERE f.registration_id = c.id)))
                RETURNING id)
            SELECT cancelled_at, id, (SELECT count(*)::int FROM deleted) AS deleted
            FROM chunk ORDER BY cancelled_at DESC, id DESC LIMIT 1
            """;

    private final Pool pool;

    CancelledRegistrationPurge(Pool pool) {
        this.pool = pool;
    }

    @Override
    public String rows() {
        return "cancelled registrations";
    }

    /** After the failed jobs, which keep their registrations. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Multi<Integer> purge(int limit, String age) {
        return Multi.createBy()
                .repeating()
                .<AtomicReference<Row>, List<Row>>uni(
                        AtomicReference::new,
                        last -> pool.preparedQuery(STATEMENT)
                                .execute(parameters(limit, age, last.get()))
                                .map(rows -> Rows.list(rows, row -> row))
                                .invoke(rows -> rows.forEach(last::set)))
                .until(List::isEmpty)
                .map(rows -> rows.get(0).getInteger("deleted"));
    }

    private static Tuple parameters(int limit, String age, @Nullable Row last) {
        return Tuple.of(
                limit,
                age,
                last == null ? null : last.getOffsetDateTime("cancelled_at"),
                last == null ? null : last.getUUID("id"));
    }
}
