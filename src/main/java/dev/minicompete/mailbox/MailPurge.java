package dev.minicompete.mailbox;

import dev.minicompete.platform.maintenance.ChunkedPurge;
import dev.minicompete.platform.maintenance.PurgeStep;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Deletes old mails that were read. */
class MailPurge {

    private static final String STATEMENT = """
            DELETE FROM mailbox WHERE id = ANY (ARRAY (
                SELECT id FROM mailbox
                WHERE read_at IS NOT NULL AND created_at < now() - $2::text::interval ORDER BY created_at LIMIT $1))
            """;

    @Produces
    @Singleton
    static PurgeStep readMails(Pool pool) {
        return new ChunkedPurge(pool, "read mails", 0, STATEMENT);
    }
}
