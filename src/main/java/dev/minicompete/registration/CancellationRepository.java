package dev.minicompete.registration;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Cancels registrations. */
@ApplicationScoped
class CancellationRepository {

    private static final String LOCK_COMPETITION = """
            SELECT c.id FROM competitions c JOIN registrations r ON r.competition_id = c.id
            WHERE r.id = :id AND r.participant_id = :participant
            FOR NO KEY UPDATE OF c
            """;

    private static final String CANCEL = """
            WITH present AS MATERIALIZED (
                SELECT r.id, r.competition_id, r.participant_id, r.status, clock_timestamp() AS now,
                    r.status IN ('confirmed', 'waitlisted') AS active, c.starts_at <= clock_timestamp() AS started
                FROM registrations r JOIN competitions c ON c.id = r.competition_id
                WHERE r.id = :id),
            cancelled AS (
                UPDATE registrations r SET status = 'cancelled', cancelled_at = p.now
                FROM present p WHERE r.id = p.id AND p.active AND NOT p.started),
            counted AS (
                UPDATE competitions c
                SET registered = c.registered - CASE p.status WHEN 'confirmed' THEN 1 ELSE 0 END,
                    waitlisted = c.waitlisted - CASE p.status WHEN 'waitlisted' THEN 1 ELSE 0 END
                FROM present p WHERE c.id = p.competition_id AND p.active AND NOT p.started),
            job AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
                SELECT uuid_v7(), :kind, competition_id, id, participant_id
                FROM present WHERE active AND NOT started
                RETURNING id)
            SELECT CASE WHEN status = 'cancelled' THEN 'cancelled before' WHEN started THEN 'too late' ELSE 'cancelled' END AS outcome,
                (SELECT id FROM job) AS job_id
            FROM present
            """;

    /**
     * The result of a cancellation.
     *
     * @param tooLate whether the competition had started, so that nothing was cancelled
     * @param jobId the job that sends the mail; null if nothing was cancelled
     */
    record Outcome(boolean tooLate, @Nullable UUID jobId) {}

    /** Locks the competition of a registration and returns its id; null if the participant has no such registration. */
    Uni<@Nullable UUID> lockCompetition(Mutiny.Session transaction, UUID id, UUID participantId) {
        return transaction
                .createNativeQuery(LOCK_COMPETITION, UUID.class)
                .setParameter("id", id)
                .setParameter("participant", participantId)
                .getSingleResultOrNull();
    }

    /** Cancels under that lock, in a separate statement, so that its snapshot includes the last change before the lock. */
    Uni<Outcome> cancel(Mutiny.Session transaction, UUID id) {
        return transaction
                .createNativeQuery(CANCEL, Object[].class)
                .setParameter("id", id)
                .setParameter("kind", RegistrationMailHandler.CANCELLATION)
                .getSingleResult()
                .map(row -> new Outcome("too late".equals(row[0]), (UUID) row[1]));
    }
}
