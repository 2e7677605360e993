package dev.minicompete.mailbox;

import dev.minicompete.platform.maintenance.PurgeStep;
import jakarta.inject.Singleton;

/** Deletes old mails that were read. */
@Singleton
class MailPurge implements PurgeStep {

    @Override
    public String rows() {
        return "read mails";
    }

    @Override
    public String statement() {
        return """
                DELETE FROM mailbox WHERE id = ANY (ARRAY (
                    SELECT id FROM mailbox
                    WHERE read_at IS NOT NULL AND created_at < now() - $2::text::interval ORDER BY created_at LIMIT $1))
                """;
    }
}
