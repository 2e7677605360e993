package dev.minicompete.registration;

import dev.minicompete.platform.maintenance.PurgeStep;
import jakarta.inject.Singleton;

/** Ends the waitlists of competitions that have started. */
@Singleton
class WaitlistExpiry implements PurgeStep {

    @Override
    public String rows() {
        return "competitions whose waitlist ended";
    }

    /** Takes the lock of the competition, as each statement that changes its counts does. */
    @Override
    public String statement() {
        return """
                WITH started AS MATERIALIZED (
                    SELECT id FROM competitions WHERE waitlisted > 0 AND starts_at <= clock_timestamp()
                    ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED),
                expired AS (
                    UPDATE registrations r SET status = 'expired' FROM started s
                    WHERE r.competition_id = s.id AND r.status = 'waitlisted')
                UPDATE competitions c SET waitlisted = 0 FROM started s WHERE c.id = s.id
                """;
    }

    @Override
    public boolean hasAge() {
        return false;
    }
}
