package dev.minicompete.registration;

import dev.minicompete.competition.WaitlistPromoter;
import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Gives free seats to participants on the waitlist, in the order of their places. A transaction promotes one chunk; if seats and
 * waiting participants remain, it adds a job for the next chunk. Until that is done the free seats stay reserved: a registration
 * gets a seat only when nobody waits.
 */
@Singleton
class Waitlist implements WaitlistPromoter, JobHandler {

    private static final String KIND = "waitlist:promote";

    /** {@code $1} is the competition, {@code $2} the size of a chunk. At most one job for each competition is in the outbox. */
    private static final String PROMOTE =
            """
            WITH free AS MATERIALIZED (
                SELECT least(capacity - registered, waitlisted) AS seats FROM competitions
                WHERE id = $1 AND registered < capacity AND waitlisted > 0
                    AND cancelled_at IS NULL AND starts_at > clock_timestamp()),
            next AS MATERIALIZED (
                SELECT r.id, r.competition_id, r.participant_id
                FROM registrations r
                WHERE r.competition_id = $1 AND r.status = 'waitlisted'
                ORDER BY r.place LIMIT coalesce((SELECT least(seats, $2) FROM free), 0)),
            promoted AS (
                UPDATE registrations r SET status = 'confirmed' FROM next n WHERE r.id = n.id),
            counted AS (
                UPDATE competitions c
                SET registered = c.registered + n.seats, waitlisted = c.waitlisted - n.seats
                FROM (SELECT count(*) AS seats FROM next) n
                WHERE c.id = $1 AND n.seats > 0),
            mails AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
                SELECT uuid_v7(), ':mail', competition_id, id, participant_id FROM next
                RETURNING id),
            successor AS (
                INSERT INTO outbox (id, kind, competition_id)
                SELECT uuid_v7(), ':next', $1 FROM free
                WHERE seats > $2 AND (SELECT count(*) FROM next) = $2
                    AND NOT EXISTS (SELECT FROM outbox WHERE competition_id = $1 AND kind = ':next')
                RETURNING id)
            SELECT id FROM mails UNION ALL SELECT id FROM successor
            """.replace(":mail", RegistrationMailHandler.PROMOTED).replace(":next", KIND);

    private static final String PROMOTE_IN_SESSION =
            PROMOTE.replace("$1", ":competition").replace("$2", ":chunk");

    private final int chunk;

    Waitlist(RegistrationConfig config) {
        this.chunk = config.promotionChunk();
    }

    @Override
    public Uni<List<UUID>> promote(Mutiny.Session transaction, UUID competitionId) {
        return transaction
                .createNativeQuery(PROMOTE_IN_SESSION, UUID.class)
                .setParameter("competition", competitionId)
                .setParameter("chunk", chunk)
                .getResultList();
    }

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    /** The competitions of all jobs together get one chunk, so that the transaction is short. */
    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        var competitions = jobs.stream().map(Job::competitionId).distinct().toArray(UUID[]::new);
        var share = Math.max(1, chunk / competitions.length);
        return transaction
                .preparedQuery(RegistrationBatchRepository.LOCK)
                .execute(Tuple.of((Object) competitions))
                .onItem()
                .transformToMulti(locked -> Multi.createFrom().items(competitions))
                .onItem()
                .transformToUniAndConcatenate(
                        competition -> transaction.preparedQuery(PROMOTE).execute(Tuple.of(competition, share)))
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")))
                .collect()
                .in(ArrayList::new, List::addAll);
    }
}
