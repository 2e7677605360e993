package dev.minicompete.competition;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Gives free seats to the waitlist. {@code registration}, which depends on this package, implements it. */
public interface WaitlistPromoter {

    /**
     * Promotes as many waitlisted registrations as there are free seats, in the order of the waitlist, unless the competition
     * has started or is cancelled. If they are too many for one transaction, a job promotes the rest. The transaction must hold
     * the lock of the competition.
     *
     * @return the ids of the jobs that it added to the outbox
     */
    Uni<List<UUID>> promote(Mutiny.Session transaction, UUID competitionId);
}
