package dev.minicompete.reminder;

import dev.minicompete.platform.maintenance.ChunkedPurge;
import dev.minicompete.platform.maintenance.PurgeStep;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Deletes the marks of reminders of competitions that have started. */
class ReminderPurge {

    private static final String STATEMENT = """
            DELETE FROM reminders WHERE ctid = ANY (ARRAY (
                SELECT ctid FROM reminders WHERE starts_at < now() - interval '1 day' ORDER BY starts_at LIMIT $1))
            """;

    @Produces
    @Singleton
    static PurgeStep reminderMarks(Pool pool) {
        return new ChunkedPurge(pool, "reminder marks", 0, STATEMENT);
    }
}
