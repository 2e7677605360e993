package dev.minicompete.competition;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Gives seats that became free to those who wait for them. Registrations are a feature above this one, so they do it. */
public interface WaitlistPromoter {

    /**
     * Promotes as many as there are free seats, first come, first served, unless the competition has started or is cancelled.
     * The transaction holds the lock of the competition.
     *
     * @return the ids of the jobs that tell those promoted
     */
    Uni<List<UUID>> promote(Mutiny.Session transaction, UUID competitionId);
}
