package dev.minicompete.registration;

import dev.minicompete.jobs.JobTraces;
import dev.minicompete.platform.postgres.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Takes a batch of registrations in one transaction and one round trip: its four statements are sent at once. The first
 * locks the competitions, in the order of their ids so that no two batches wait for each other; the second, whose snapshot
 * is therefore taken under the locks, judges every request by the clock at that moment, gives the seats in the order of
 * arrival, and writes registrations, counts and jobs.
 */
final class RegistrationBatchRepository {

    /**
     * Each LIMIT below keeps any plan a good one, so that the plan is made once. Left to choose, PostgreSQL makes it anew for
     * each small batch, which takes longer than the batch.
     */
    private static final String BEGIN = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan";

    /** Leaves room for the foreign keys of others, which the full FOR UPDATE would block. */
    static final String LOCK = """
            SELECT id FROM competitions WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
            """;

    /** Each LIMIT keeps this a lookup for each request, however small the tables were when the plan was made. */
    private static final String REGISTER = """
            WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
            request AS (
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[])
                    WITH ORDINALITY AS r (id, job_id, competition_id, participant_id, key, note, arrival)),
            judged AS MATERIALIZED (
                SELECT r.*, c.capacity, c.registered, c.waitlisted, c.last_place,
                    same.id AS same_id, same.first_status, same.first_position, same.note AS first_note,
                    same.created_at AS first_created_at, active.id AS active_id,
                    CASE
                        WHEN u.id IS NULL THEN 'ACCOUNT_GONE'
                        WHEN same.id IS NOT NULL THEN 'REPLAYED'
                        WHEN c.id IS NULL THEN 'NOT_FOUND'
                        WHEN c.cancelled_at IS NOT NULL THEN 'CANCELLED'
                        WHEN c.reg_deadline <= clock.now THEN 'CLOSED'
                        WHEN active.id IS NOT NULL THEN 'ALREADY_REGISTERED'
                    END AS refusal,
                    c.waitlist,
                    -- Nobody gets a seat past those who wait for one.
                    CASE WHEN c.waitlisted = 0 THEN c.capacity - c.registered ELSE 0 END AS seats
                FROM request r CROSS JOIN clock
                LEFT JOIN LATERAL (SELECT id FROM users WHERE id = r.participant_id LIMIT 1) u ON true
                LEFT JOIN LATERAL (SELECT * FROM competitions WHERE id = r.competition_id LIMIT 1) c ON true
                LEFT JOIN LATERAL (
                    SELECT * FROM registrations s
                    WHERE s.participant_id = r.participant_id AND s.competition_id = r.competition_id
                        AND s.idempotency_key = r.key
                    LIMIT 1) same ON true
                LEFT JOIN LATERAL (
                    SELECT a.id FROM registrations a
                    WHERE a.competition_id = r.competition_id AND a.participant_id = r.participant_id
                        AND a.status IN ('confirmed', 'waitlisted')
                    LIMIT 1) active ON true),
            ranked AS (
                SELECT j.*, row_number() OVER (
                    PARTITION BY competition_id, refusal IS NULL ORDER BY arrival) AS rank
                FROM judged j),
            decided AS MATERIALIZED (
                SELECT r.*,
                    CASE
                        WHEN refusal IS NOT NULL THEN refusal
                        WHEN rank <= seats THEN 'CONFIRMED'
                        WHEN waitlist THEN 'WAITLISTED'
                        ELSE 'FULL'
                    END AS decision,
                    CASE WHEN refusal IS NULL AND rank > seats AND waitlist THEN rank - seats END AS queued
                FROM ranked r),
            granted AS (
                INSERT INTO registrations (id, competition_id, participant_id, status, note, place,
                    idempotency_key, first_status, first_position, created_at)
                SELECT d.id, d.competition_id, d.participant_id, lower(d.decision), d.note, d.last_place + d.queued,
                    d.key, lower(d.decision), d.waitlisted + d.queued, clock.now
                FROM decided d CROSS JOIN clock
                WHERE d.decision IN ('CONFIRMED', 'WAITLISTED')),
            counted AS (
                UPDATE competitions c SET registered = c.registered + n.confirmed,
                    waitlisted = c.waitlisted + n.queued, last_place = c.last_place + n.queued
                FROM (SELECT competition_id, count(*) FILTER (WHERE decision = 'CONFIRMED') AS confirmed,
                        count(*) FILTER (WHERE decision = 'WAITLISTED') AS queued
                    FROM decided WHERE decision IN ('CONFIRMED', 'WAITLISTED') GROUP BY competition_id) n
                WHERE c.id = n.competition_id),
            enqueued AS (
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id, created_at, run_at)
                SELECT d.job_id, CASE d.decision WHEN 'CONFIRMED' THEN $7 ELSE $8 END,
                    d.competition_id, d.id, d.participant_id, clock.now, clock.now
                FROM decided d CROSS JOIN clock
                WHERE d.decision IN ('CONFIRMED', 'WAITLISTED'))
            SELECT d.decision, d.capacity,
                CASE d.decision WHEN 'REPLAYED' THEN d.same_id WHEN 'ALREADY_REGISTERED' THEN d.active_id
                    ELSE d.id END AS registration_id,
                CASE d.decision WHEN 'REPLAYED' THEN d.first_status ELSE lower(d.decision) END AS status,
                CASE d.decision WHEN 'REPLAYED' THEN d.first_position ELSE d.waitlisted + d.queued END AS position,
                CASE d.decision WHEN 'REPLAYED' THEN d.first_note ELSE d.note END AS note,
                CASE d.decision WHEN 'REPLAYED' THEN d.first_created_at ELSE clock.now END AS created_at
            FROM decided d CROSS JOIN clock
            ORDER BY d.arrival
            """;

    private static final String RECALL = """
            SELECT 'REPLAYED' AS decision, NULL::int AS capacity, id AS registration_id, first_status AS status,
                first_position AS position, note, created_at
            FROM registrations
            WHERE participant_id = $1 AND competition_id = $2 AND idempotency_key = $3
            """;

    private final Pool pool;
    private final String lock;

    /**
     * A repository.
     *
     * @param lock the statement that locks the competitions; a test shows what happens without it
     */
    RegistrationBatchRepository(Pool pool, String lock) {
        this.pool = pool;
        this.lock = lock;
    }

    /** A command with the id of the job that will confirm it. */
    record Entry(RegisterCommand command, UUID jobId) {}

    /** Decides all of these, of which no two are rivals, and returns a verdict for each, in their order. */
    Uni<List<RegistrationOutcome>> register(List<Entry> entries) {
        return pool.withConnection(connection -> Uni.createFrom()
                .completionStage(
                        () -> register(connection.getDelegate(), entries).toCompletionStage()));
    }

    /** The verdict that was once given for this key, or null. */
    Uni<RegistrationOutcome> findPrevious(UUID participantId, UUID competitionId, String key) {
        return Database.inTime(pool.preparedQuery(RECALL)
                        .execute(io.vertx.mutiny.sqlclient.Tuple.of(participantId, competitionId, key)))
                .map(rows ->
                        rows.size() == 0 ? null : verdict(rows.iterator().next().getDelegate()));
    }

    /** Sends everything without waiting in between; after a failure PostgreSQL takes the COMMIT for a ROLLBACK. */
    private Future<List<RegistrationOutcome>> register(SqlConnection connection, List<Entry> entries) {
        var competitions = column(entries, entry -> entry.command.competitionId(), UUID[]::new);
        var begun = connection.query(BEGIN).execute();
        var locked = connection.preparedQuery(lock).execute(Tuple.of((Object) competitions));
        var registered = connection.preparedQuery(REGISTER).execute(parameters(entries, competitions));
        var traced = JobTraces.note(connection, traceParents(entries));
        var committed = connection.query("COMMIT").execute();
        return Future.join(List.of(begun, locked, registered, traced, committed))
                .map(all -> verdicts(registered.result()));
    }

    private static Map<UUID, String> traceParents(List<Entry> entries) {
        var parents = new HashMap<UUID, String>();
        for (var entry : entries) {
            if (entry.command.traceParent() != null) {
                parents.put(entry.jobId, entry.command.traceParent());
            }
        }
        return parents;
    }

    private static Tuple parameters(List<Entry> entries, UUID[] competitions) {
        return Tuple.tuple()
                .addValue(column(entries, entry -> entry.command.registrationId(), UUID[]::new))
                .addValue(column(entries, Entry::jobId, UUID[]::new))
                .addValue(competitions)
                .addValue(column(entries, entry -> entry.command.participantId(), UUID[]::new))
                .addValue(column(entries, entry -> entry.command.key(), String[]::new))
                .addValue(column(entries, entry -> entry.command.note(), String[]::new))
                .addValue(ConfirmationHandler.KIND)
                .addValue(WaitlistedHandler.KIND);
    }

    private static <T> T[] column(List<Entry> entries, Function<Entry, T> value, IntFunction<T[]> array) {
        var column = array.apply(entries.size());
        for (var i = 0; i < column.length; i++) {
            column[i] = value.apply(entries.get(i));
        }
        return column;
    }

    private static List<RegistrationOutcome> verdicts(RowSet<Row> rows) {
        var verdicts = new ArrayList<RegistrationOutcome>(rows.size());
        for (var row : rows) {
            verdicts.add(verdict(row));
        }
        return verdicts;
    }

    private static RegistrationOutcome verdict(Row row) {
        return new RegistrationOutcome(
                RegistrationOutcome.Decision.valueOf(row.getString("decision")),
                row.getUUID("registration_id"),
                row.getString("status"),
                row.getLong("position"),
                row.getString("note"),
                row.get(OffsetDateTime.class, "created_at").toInstant(),
                row.getInteger("capacity"));
    }
}
