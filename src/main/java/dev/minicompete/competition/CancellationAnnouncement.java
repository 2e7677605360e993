package dev.minicompete.competition;

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
 * Adds one mail job for each participant of a cancelled competition. It reads the registrations in chunks: a job handles one
 * chunk and, in the same transaction, adds the job for the next one. So each transaction is short, however many
 * registrations there are, and after a crash the work continues where it stopped.
 */
@Singleton
class CancellationAnnouncement implements JobHandler {

    private static final String KIND = "competition:announce-cancellation";

    /** The kind of the mail jobs; their handler is in {@code registration}. */
    private static final String MAIL_KIND = "competition:cancelled";

    private static final int CHUNK = 1_000;

    private static final String ENQUEUE =
            "INSERT INTO outbox (id, kind, competition_id) VALUES (uuid_v7(), :kind, :competition) RETURNING id";

    /**
     * Includes participants who cancelled their registration after the competition was cancelled. The registration of the
     * present job is the last one of the previous chunk.
     */
    private static final String ANNOUNCE = """
            WITH chunk AS MATERIALIZED (
                SELECT r.id, r.participant_id, r.created_at, c.cancelled_at,
                    r.status IN ('confirmed', 'waitlisted') OR r.cancelled_at >= c.cancelled_at AS affected
                FROM registrations r JOIN competitions c ON c.id = r.competition_id
                WHERE r.competition_id = $1 AND ($2::uuid IS NULL OR (r.created_at, r.id) > (
                    SELECT l.created_at, l.id FROM registrations l WHERE l.id = $2))
                ORDER BY r.created_at, r.id
                LIMIT $3),
            mails AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
                SELECT uuid_v7(), $4, $1, id, participant_id FROM chunk WHERE affected
                RETURNING id),
            successor AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id)
                SELECT uuid_v7(), $5, $1, id FROM chunk ORDER BY created_at DESC, id DESC LIMIT 1
                RETURNING id)
            SELECT id FROM mails UNION ALL SELECT id FROM successor
            """;

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    /** Adds the first job, within the transaction that cancels the competition; returns its id. */
    Uni<UUID> enqueue(Mutiny.Session transaction, UUID competitionId) {
        return transaction
                .createNativeQuery(ENQUEUE, UUID.class)
                .setParameter("kind", KIND)
                .setParameter("competition", competitionId)
                .getSingleResult();
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        return Multi.createFrom()
                .iterable(jobs)
                .onItem()
                .transformToUniAndConcatenate(job -> announce(transaction, job))
                .collect()
                .in(ArrayList::new, List::addAll);
    }

    private static Uni<List<UUID>> announce(SqlConnection transaction, Job job) {
        var parameters = Tuple.of(job.competitionId(), job.registrationId(), CHUNK, MAIL_KIND, KIND);
        return transaction
                .preparedQuery(ANNOUNCE)
                .execute(parameters)
                .map(rows -> Rows.list(rows, row -> row.getUUID("id")));
    }
}
