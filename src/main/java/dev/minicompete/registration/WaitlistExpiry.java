package dev.minicompete.registration;

import dev.minicompete.platform.maintenance.ChunkedPurge;
import dev.minicompete.platform.maintenance.PurgeStep;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Ends the waitlists of competitions that have started. Registrations for a cancelled competition keep their status. */
class WaitlistExpiry {

    /**
     * A chunk of the registrations of one competition, under its lock, as each statement that changes its counts. Competitions that are locked
     * come last; for them the statement waits. The rows of the registrations are locked, too: that reads them anew, as they are under the
     * lock of the competition.
     */
    private static final String STATEMENT = """
            WITH free AS MATERIALIZED (
                SELECT id FROM competitions
                WHERE waitlisted > 0 AND cancelled_at IS NULL AND starts_at <= now()
                ORDER BY starts_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED),
            locked AS MATERIALIZED (
                SELECT id FROM competitions
                WHERE waitlisted > 0 AND cancelled_at IS NULL AND starts_at <= now() AND NOT EXISTS (SELECT FROM free)
                ORDER BY starts_at, id LIMIT 1 FOR NO KEY UPDATE),
            expired AS (
                UPDATE registrations SET status = 'expired'
                WHERE id = ANY (ARRAY (
                    SELECT id FROM registrations
                    WHERE competition_id = (SELECT id FROM free UNION ALL SELECT id FROM locked)
                        AND status = 'waitlisted'
                    ORDER BY place LIMIT $1 FOR NO KEY UPDATE))
                RETURNING competition_id),
            counted AS (
                UPDATE competitions c SET waitlisted = c.waitlisted - n.expired
                FROM (SELECT competition_id, count(*) AS expired FROM expired GROUP BY competition_id) n
                WHERE c.id = n.competition_id)
            SELECT competition_id FROM expired
            """;

    @Produces
    @Singleton
    static PurgeStep waitlists(Pool pool) {
        return new ChunkedPurge(pool, "waitlist entries of started competitions", 0, STATEMENT);
    }
}
