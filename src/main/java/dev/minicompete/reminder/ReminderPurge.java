package dev.minicompete.reminder;

import dev.minicompete.platform.maintenance.PurgeStep;
import jakarta.inject.Singleton;

/** Deletes the marks of reminders of competitions that have started. */
@Singleton
class ReminderPurge implements PurgeStep {

    @Override
    public String rows() {
        return "reminder marks";
    }

    @Override
    public String statement() {
        return """
                DELETE FROM reminders WHERE ctid = ANY (ARRAY (
                    SELECT ctid FROM reminders WHERE starts_at < now() - interval '1 day' ORDER BY starts_at LIMIT $1))
                """;
    }

    @Override
    public boolean hasAge() {
        return false;
    }
}
