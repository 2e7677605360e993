package dev.minicompete.platform.maintenance;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/**
 * Deletes what nobody needs any more, in chunks that keep transactions short, and ends waiting that became pointless. The chunks are
 * arrays, so that each row is looked up however many there are, and oldest first, so that each is found by its index.
 */
@ApplicationScoped
class PurgeScheduler {

    private static final Logger LOG = Logger.getLogger(PurgeScheduler.class);

    /** Under the lock of the competition, as everything that changes its counts. */
    private static final String EXPIRE_WAITING = """
            WITH started AS MATERIALIZED (
                SELECT id FROM competitions WHERE waitlisted > 0 AND starts_at <= clock_timestamp()
                ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED),
            expired AS (
                UPDATE registrations r SET status = 'expired' FROM started s
                WHERE r.competition_id = s.id AND r.status = 'waitlisted')
            UPDATE competitions c SET waitlisted = 0 FROM started s WHERE c.id = s.id
            """;

    /** A registration that a job is still about stays until the job is done: its mail has to be written. */
    private static final String PURGE_REGISTRATIONS = """
            DELETE FROM registrations WHERE id = ANY (ARRAY (
                SELECT r.id FROM registrations r
                WHERE r.status = 'cancelled' AND r.cancelled_at < now() - $2::text::interval
                    AND NOT EXISTS (SELECT FROM outbox o WHERE o.registration_id = r.id)
                    AND NOT EXISTS (SELECT FROM failed_jobs f WHERE f.registration_id = r.id)
                ORDER BY r.cancelled_at LIMIT $1))
            """;

    private static final String PURGE_FAILED_JOBS = """
            DELETE FROM failed_jobs WHERE id = ANY (ARRAY (
                SELECT id FROM failed_jobs WHERE failed_at < now() - $2::text::interval ORDER BY failed_at LIMIT $1))
            """;

    private static final String PURGE_READ_MAIL = """
            DELETE FROM mailbox WHERE id = ANY (ARRAY (
                SELECT id FROM mailbox
                WHERE read_at IS NOT NULL AND created_at < now() - $2::text::interval ORDER BY created_at LIMIT $1))
            """;

    /** Nobody is reminded of what has started, so the marks have served. */
    private static final String PURGE_REMINDERS = """
            DELETE FROM reminders WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM reminders WHERE starts_at < now() - interval '1 day' ORDER BY starts_at LIMIT $1))
            """;

    private static final String PURGE_LOGIN_FAILURES = """
            DELETE FROM login_failures WHERE subject = ANY (ARRAY (
                SELECT subject FROM login_failures WHERE since < now() - interval '1 day' ORDER BY since LIMIT $1))
            """;

    private final Pool pool;
    private final PurgeConfig config;

    PurgeScheduler(Pool pool, PurgeConfig config) {
        this.pool = pool;
        this.config = config;
    }

    @Scheduled(cron = "{purge.cron}", concurrentExecution = ConcurrentExecution.SKIP, identity = "purge")
    Uni<Void> purge() {
        return repeat("competitions whose waitlist ended", EXPIRE_WAITING, Tuple.of(config.chunk()))
                .chain(() -> repeat("failed jobs", PURGE_FAILED_JOBS, aged()))
                .chain(() -> repeat("cancelled registrations", PURGE_REGISTRATIONS, aged()))
                .chain(() -> repeat("read mails", PURGE_READ_MAIL, aged()))
                .chain(() -> repeat("reminder marks", PURGE_REMINDERS, Tuple.of(config.chunk())))
                .chain(() -> repeat("login failures", PURGE_LOGIN_FAILURES, Tuple.of(config.chunk())))
                .onFailure()
                .invoke(failure -> LOG.warnf("The purge goes on with the next run: %s", failure));
    }

    private Tuple aged() {
        return Tuple.of(config.chunk(), config.after());
    }

    private Uni<Void> repeat(String what, String statement, Tuple parameters) {
        return repeat(what, statement, parameters, 0);
    }

    private Uni<Void> repeat(String what, String statement, Tuple parameters, int before) {
        return pool.preparedQuery(statement).execute(parameters).flatMap(rows -> {
            var total = before + rows.rowCount();
            if (rows.rowCount() == config.chunk()) {
                return repeat(what, statement, parameters, total);
            }
            if (total > 0) {
                LOG.infof("Purged: %d %s", total, what);
            }
            return Uni.createFrom().voidItem();
        });
    }
}
