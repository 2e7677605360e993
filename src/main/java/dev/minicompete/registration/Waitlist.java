package dev.minicompete.registration;

import dev.minicompete.competition.WaitlistPromoter;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Gives free seats to participants on the waitlist, in the order of their places. */
@ApplicationScoped
class Waitlist implements WaitlistPromoter {

    private static final String PROMOTE = """
            WITH free AS MATERIALIZED (
                SELECT id, capacity - registered AS seats FROM competitions
                WHERE id = :competition AND registered < capacity AND waitlisted > 0
                    AND cancelled_at IS NULL AND starts_at > clock_timestamp()),
            next AS MATERIALIZED (
                SELECT r.id, r.competition_id, r.participant_id
                FROM registrations r
                WHERE r.competition_id = :competition AND r.status = 'waitlisted'
                ORDER BY r.place LIMIT coalesce((SELECT seats FROM free), 0)),
            promoted AS (
                UPDATE registrations r SET status = 'confirmed' FROM next n WHERE r.id = n.id),
            counted AS (
                UPDATE competitions c
                SET registered = c.registered + n.seats, waitlisted = c.waitlisted - n.seats
                FROM (SELECT count(*) AS seats FROM next) n
                WHERE c.id = :competition AND n.seats > 0)
            INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
            SELECT uuid_v7(), :kind, competition_id, id, participant_id FROM next
            RETURNING id
            """;

    @Override
    public Uni<List<UUID>> promote(Mutiny.Session transaction, UUID competitionId) {
        return transaction
                .createNativeQuery(PROMOTE, UUID.class)
                .setParameter("competition", competitionId)
                .setParameter("kind", RegistrationMailHandler.PROMOTED)
                .getResultList();
    }
}
