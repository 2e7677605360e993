package dev.minicompete.registration;

import dev.minicompete.platform.maintenance.PurgeStep;
import jakarta.inject.Singleton;

/** Deletes old cancelled registrations. */
@Singleton
class CancelledRegistrationPurge implements PurgeStep {

    @Override
    public String rows() {
        return "cancelled registrations";
    }

    /** A registration with a job is kept: the job needs it to write the mail. */
    @Override
    public String statement() {
        return """
                DELETE FROM registrations WHERE id = ANY (ARRAY (
                    SELECT r.id FROM registrations r
                    WHERE r.status = 'cancelled' AND r.cancelled_at < now() - $2::text::interval
                        AND NOT EXISTS (SELECT FROM outbox o WHERE o.registration_id = r.id)
                        AND NOT EXISTS (SELECT FROM failed_jobs f WHERE f.registration_id = r.id)
                    ORDER BY r.cancelled_at LIMIT $1))
                """;
    }

    /** After the failed jobs, which keep their registrations. */
    @Override
    public int order() {
        return 1;
    }
}
