package dev.minicompete.registration;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.OutboxTraceParents;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import dev.minicompete.registration.RegistrationOutcome.Decision;
import dev.minicompete.registration.RegistrationOutcome.Registered;
import dev.minicompete.registration.RegistrationOutcome.Rejected;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides a batch of registration requests in one transaction and one round trip: all statements are sent at once. First the
 * competitions are locked, in the order of their ids to avoid deadlocks. The next statement takes its snapshot under the
 * locks; it decides each request by the clock of PostgreSQL, gives the seats in the order of arrival, and writes
 * registrations, counts and jobs.
 */
final class RegistrationBatchRepository {

    /** Left to choose, PostgreSQL plans the statement anew for each small batch, which takes longer than to execute it. */
    private static final String BEGIN = "BEGIN; SET LOCAL plan_cache_mode = force_generic_plan";

    /** Less than the default, since other competitions wait, too. */
    private static final String BEGIN_SHARED = BEGIN + "; SET LOCAL lock_timeout = 1000";

    /** A lock that does not block foreign key checks of other transactions. */
    static final String LOCK = """
            SELECT id FROM competitions WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
            """;

    /** Locks the competitions that no other transaction has locked, and returns the others that exist. */
    private static final String LOCK_UNLOCKED = """
            WITH unlocked AS MATERIALIZED (:lock SKIP LOCKED)
            SELECT id FROM competitions WHERE id = ANY ($1) AND id <> ALL (ARRAY(SELECT id FROM unlocked))
            """.replace(":lock", LOCK.strip());

    /** With its LIMITs each request is looked up by index, however small the tables were when the plan was made. */
    private static final String REGISTER = """
            WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
            request AS (
                SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[])
                    WITH ORDINALITY AS r (id, job_id, competition_id, participant_id, key, note, arrival)),
            checked AS MATERIALIZED (
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
                    END AS rejection,
                    c.waitlist,
                    -- Free seats belong to those on the waitlist.
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
                    PARTITION BY competition_id, rejection IS NULL ORDER BY arrival) AS rank
                FROM checked j),
            decided AS MATERIALIZED (
                SELECT r.*,
                    CASE
                        WHEN rejection IS NOT NULL THEN rejection
                        WHEN rank <= seats THEN 'CONFIRMED'
                        WHEN waitlist THEN 'WAITLISTED'
                        ELSE 'FULL'
                    END AS decision,
                    CASE WHEN rejection IS NULL AND rank > seats AND waitlist THEN rank - seats END AS queued
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

    private static final String FIND_PREVIOUS = """
            SELECT 'REPLAYED' AS decision, NULL::int AS capacity, id AS registration_id, first_status AS status,
                first_position AS position, note, created_at
            FROM registrations
            WHERE participant_id = $1 AND competition_id = $2 AND idempotency_key = $3
            """;

    private final Pool pool;
    private final String lock;

    /**
     * Creates a repository.
     *
     * @param lock the statement that locks the competitions; a parameter, so that a test can show what happens without it
     */
    RegistrationBatchRepository(Pool pool, String lock) {
        this.pool = pool;
        this.lock = lock;
    }

    /**
     * A command with what its registration and the job that sends its mail will have.
     *
     * @param traceParent the W3C traceparent of the request; null when it is not traced
     */
    record Entry(
            RegisterCommand command,
            UUID registrationId,
            UUID jobId,
            @Nullable String traceParent) {

        static Entry of(RegisterCommand command, @Nullable String traceParent) {
            return new Entry(
                    command, UuidCreator.getTimeOrderedEpoch(), UuidCreator.getTimeOrderedEpoch(), traceParent);
        }

        /** Two commands of one participant for one competition depend on each other and cannot share a batch. */
        record ConflictKey(UUID competitionId, UUID participantId) {}

        ConflictKey conflictKey() {
            return new ConflictKey(command.competitionId(), command.participantId());
        }
    }

    /**
     * Decides these entries, whose conflict keys all differ, and returns their outcomes in the same order.
     *
     * @param shared whether they are for several competitions, which wait for one another's locks; such a wait is short
     */
    Uni<List<RegistrationOutcome>> register(List<Entry> entries, boolean shared) {
        return withConnection(connection -> register(connection, entries, shared));
    }

    /**
     * Decides the entries whose competition is not locked by another transaction; the others get null. It never waits for a
     * competition, and takes two round trips.
     */
    Uni<List<@Nullable RegistrationOutcome>> registerUnlocked(List<Entry> entries) {
        return withConnection(connection -> registerUnlocked(connection, entries));
    }

    private <T> Uni<T> withConnection(Function<SqlConnection, Future<T>> work) {
        return pool.withConnection(connection -> Uni.createFrom()
                .completionStage(() -> work.apply(connection.getDelegate()).toCompletionStage()));
    }

    /** Finds the registration that an earlier command with the same key made; null when there is none. */
    Uni<@Nullable RegistrationOutcome> findPrevious(RegisterCommand command) {
        return Database.inTime(pool.preparedQuery(FIND_PREVIOUS)
                        .execute(io.vertx.mutiny.sqlclient.Tuple.of(
                                command.participantId(),
                                command.competitionId(),
                                command.key().text())))
                .map(rows -> Rows.first(rows, row -> outcome(command, row.getDelegate())));
    }

    /** Sends all statements without waiting in between; after a failure PostgreSQL treats the COMMIT as a ROLLBACK. */
    private Future<List<RegistrationOutcome>> register(SqlConnection connection, List<Entry> entries, boolean shared) {
        var begun = connection.query(shared ? BEGIN_SHARED : BEGIN).execute();
        var locked = connection.preparedQuery(lock).execute(Tuple.of((Object) competitions(entries)));
        var decided = decide(connection, entries);
        return Future.join(begun, locked, decided).map(all -> decided.result());
    }

    private static Future<List<@Nullable RegistrationOutcome>> registerUnlocked(
            SqlConnection connection, List<Entry> entries) {
        var begun = connection.query(BEGIN_SHARED).execute();
        var locked = connection.preparedQuery(LOCK_UNLOCKED).execute(Tuple.of((Object) competitions(entries)));
        return Future.join(begun, locked)
                .compose(
                        both -> decideUnlocked(connection, entries, ids(locked.result())),
                        failure -> connection
                                .query("ROLLBACK")
                                .execute()
                                .transform(ended -> Future.failedFuture(failure)));
    }

    private static Set<UUID> ids(RowSet<Row> rows) {
        var ids = new HashSet<UUID>();
        rows.forEach(row -> ids.add(row.getUUID("id")));
        return ids;
    }

    private static Future<List<@Nullable RegistrationOutcome>> decideUnlocked(
            SqlConnection connection, List<Entry> entries, Set<UUID> locked) {
        var unlocked = entries.stream()
                .filter(entry -> !locked.contains(entry.command.competitionId()))
                .toList();
        return decide(connection, unlocked).map(outcomes -> {
            var next = outcomes.iterator();
            var all = new ArrayList<@Nullable RegistrationOutcome>(entries.size());
            for (var entry : entries) {
                all.add(locked.contains(entry.command.competitionId()) ? null : next.next());
            }
            return all;
        });
    }

    /** The rest of the transaction, under the locks. */
    private static Future<List<RegistrationOutcome>> decide(SqlConnection connection, List<Entry> entries) {
        var registered = connection.preparedQuery(REGISTER).execute(parameters(entries));
        var traced = OutboxTraceParents.note(connection, traceParents(entries));
        var committed = connection.query("COMMIT").execute();
        return Future.join(registered, traced, committed).map(all -> outcomes(entries, registered.result()));
    }

    private static UUID[] competitions(List<Entry> entries) {
        return column(entries, entry -> entry.command.competitionId(), UUID[]::new);
    }

    private static Map<UUID, String> traceParents(List<Entry> entries) {
        var parents = new HashMap<UUID, String>();
        for (var entry : entries) {
            if (entry.traceParent != null) {
                parents.put(entry.jobId, entry.traceParent);
            }
        }
        return parents;
    }

    private static Tuple parameters(List<Entry> entries) {
        return Tuple.tuple()
                .addValue(column(entries, Entry::registrationId, UUID[]::new))
                .addValue(column(entries, Entry::jobId, UUID[]::new))
                .addValue(competitions(entries))
                .addValue(column(entries, entry -> entry.command.participantId(), UUID[]::new))
                .addValue(column(entries, entry -> entry.command.key().text(), String[]::new))
                .addValue(column(entries, entry -> entry.command.note(), String[]::new))
                .addValue(RegistrationMailHandler.CONFIRMATION)
                .addValue(RegistrationMailHandler.WAITLISTED);
    }

    private static <T> T[] column(List<Entry> entries, Function<Entry, T> value, IntFunction<T[]> array) {
        var column = array.apply(entries.size());
        for (var i = 0; i < column.length; i++) {
            column[i] = value.apply(entries.get(i));
        }
        return column;
    }

    private static List<RegistrationOutcome> outcomes(List<Entry> entries, RowSet<Row> rows) {
        var outcomes = new ArrayList<RegistrationOutcome>(rows.size());
        for (var row : rows) {
            outcomes.add(outcome(entries.get(outcomes.size()).command, row));
        }
        return outcomes;
    }

    private static RegistrationOutcome outcome(RegisterCommand command, Row row) {
        var decision = Decision.valueOf(row.getString("decision"));
        return switch (decision) {
            case CONFIRMED, WAITLISTED, REPLAYED ->
                new Registered(
                        decision,
                        new RegistrationView(
                                row.getUUID("registration_id"),
                                command.competitionId(),
                                command.participantId(),
                                RegistrationStatus.of(row.getString("status")),
                                row.getLong("position"),
                                row.getString("note"),
                                row.get(OffsetDateTime.class, "created_at").toInstant(),
                                null));
            case ALREADY_REGISTERED ->
                new Rejected(decision, row.getUUID("registration_id"), row.getInteger("capacity"));
            default -> new Rejected(decision, null, row.getInteger("capacity"));
        };
    }
}
