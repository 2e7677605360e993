package dev.minicompete.platform.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PurgeTest {

    private final TestDatabase database = TestServers.database();

    @Inject
    PurgeScheduler scheduler;

    @All
    @Inject
    List<PurgeStep> steps;

    @BeforeEach
    void emptyTables() {
        database.truncate();
    }

    @Test
    void oldCancelledRegistrationsAreDeleted() {
        var competition = database.createCompetition(100);
        var ids = database.createConfirmed(competition, database.createParticipants(3));
        cancel(ids.get(0), "31 days");
        cancel(ids.get(1), "29 days");

        run();

        assertThat(database.texts("SELECT id FROM registrations ORDER BY id"))
                .containsExactly(ids.get(1).toString(), ids.get(2).toString());
    }

    @Test
    void registrationWithAJobIsKept() {
        var competition = database.createCompetition(100);
        var ids = database.createConfirmed(competition, database.createParticipants(2));
        ids.forEach(id -> cancel(id, "31 days"));
        database.execute(
                "INSERT INTO outbox (id, kind, registration_id, run_at) VALUES (?, 'k', ?, now() + interval '1 hour')",
                UuidCreator.getTimeOrderedEpoch(),
                ids.get(0));
        database.execute(
                "INSERT INTO failed_jobs (id, kind, registration_id, attempts, error) VALUES (?, 'k', ?, 1, 'e')",
                UuidCreator.getTimeOrderedEpoch(),
                ids.get(1));

        run();

        assertThat(database.count("SELECT count(*) FROM registrations")).isEqualTo(2);
        database.execute("DELETE FROM outbox");
    }

    @Test
    void registrationsThatAreKeptAreReadOnce() {
        var competition = database.createCompetition(100);
        database.execute("""
                WITH kept AS (
                    INSERT INTO registrations (id, competition_id, participant_id, status, cancelled_at)
                    SELECT uuid_v7(), ?, ?, 'cancelled', now() - interval '40 days' FROM generate_series(1, 2000)
                    RETURNING id)
                INSERT INTO failed_jobs (id, kind, registration_id, attempts, error)
                SELECT uuid_v7(), 'k', id, 1, 'e' FROM kept
                """, competition, database.createParticipant());
        var deleted = database.createConfirmed(competition, database.createParticipants(1));
        cancel(deleted.get(0), "31 days");
        var step = steps.stream()
                .filter(candidate -> candidate.rows().equals("cancelled registrations"))
                .findFirst()
                .orElseThrow();

        var chunks = step.purge(1_000, "P30D").collect().asList().await().atMost(Duration.ofSeconds(30));

        assertThat(chunks).containsExactly(0, 0, 1);
    }

    @Test
    void oldFailedJobsAreDeleted() {
        failedJob("31 days");
        var young = failedJob("29 days");

        run();

        assertThat(database.texts("SELECT id FROM failed_jobs")).containsExactly(young.toString());
    }

    @Test
    void registrationOfAnOldFailedJobIsDeletedInTheSameRun() {
        var registration = database.createConfirmed(database.createCompetition(100), database.createParticipants(1))
                .get(0);
        cancel(registration, "31 days");
        database.execute("UPDATE failed_jobs SET registration_id = ? WHERE id = ?", registration, failedJob("31 days"));

        run();

        assertThat(database.count("SELECT count(*) FROM registrations")).isZero();
    }

    @Test
    void oldMailIsDeletedOnlyIfItWasRead() {
        var user = database.createParticipant();
        mail(user, "31 days", "now()");
        var unread = mail(user, "31 days", "NULL");
        var young = mail(user, "29 days", "now()");

        run();

        assertThat(database.texts("SELECT id FROM mailbox ORDER BY id"))
                .containsExactlyInAnyOrder(unread.toString(), young.toString());
    }

    @Test
    void oneRunDeletesMoreThanAChunk() {
        var user = database.createParticipant();
        database.execute("""
                INSERT INTO mailbox (id, user_id, kind, subject, body, created_at, read_at)
                SELECT uuid_v7(), ?, 'reminder', 's', 'b', now() - interval '40 days', now()
                FROM generate_series(1, 2500)
                """, user);

        run();

        assertThat(database.count("SELECT count(*) FROM mailbox")).isZero();
    }

    @Test
    void waitlistEndsWhenTheCompetitionStarts() {
        var started = waitingFor(Duration.ofMinutes(-1), 1);
        var ahead = waitingFor(Duration.ofHours(1), 1);

        run();

        assertThat(database.text("SELECT status FROM registrations WHERE competition_id = ?", started))
                .isEqualTo("expired");
        assertThat(database.count("SELECT waitlisted FROM competitions WHERE id = ?", started))
                .isZero();
        assertThat(database.text("SELECT status FROM registrations WHERE competition_id = ?", ahead))
                .isEqualTo("waitlisted");
        assertThat(database.count("SELECT waitlisted FROM competitions WHERE id = ?", ahead))
                .isEqualTo(1);
    }

    @Test
    void waitlistEndsInChunksWithExactCountsAndFailingStepStopsNoOther() throws SQLException {
        var competition = waitingFor(Duration.ofMinutes(-1), 2_500);
        var user = database.createParticipant();
        mail(user, "31 days", "now()");

        try (var connection = database.connect()) {
            lock(connection, "SELECT FROM registrations WHERE place = 1500 FOR UPDATE");

            assertThatThrownBy(this::run).hasMessageContaining("55P03");
        }

        assertThat(database.count("SELECT count(*) FROM registrations WHERE status = 'waitlisted'"))
                .isEqualTo(1_500);
        assertThat(waitlisted(competition)).isEqualTo(1_500);
        assertThat(database.count("SELECT count(*) FROM mailbox")).isZero();

        run();

        assertThat(waitlisted(competition)).isZero();
        assertThat(database.count("SELECT count(*) FROM registrations WHERE status = 'expired'"))
                .isEqualTo(2_500);
        assertThat(database.count("""
                SELECT max(rows) FROM (SELECT count(*) AS rows FROM registrations GROUP BY xmin::text) transactions
                """)).isEqualTo(1_000);
    }

    @Test
    void lockedCompetitionDelaysOnlyItsOwnWaitlist() throws SQLException {
        var locked = waitingFor(Duration.ofMinutes(-2), 1);
        var other = waitingFor(Duration.ofMinutes(-1), 1);

        try (var connection = database.connect()) {
            lock(connection, "SELECT FROM competitions WHERE id = '" + locked + "' FOR UPDATE");

            assertThatThrownBy(this::run).hasMessageContaining("55P03");
        }
        assertThat(waitlisted(locked)).isEqualTo(1);
        assertThat(waitlisted(other)).isZero();

        run();

        assertThat(waitlisted(locked)).isZero();
    }

    @Test
    void waitlistOfCancelledCompetitionIsKept() {
        var competition = waitingFor(Duration.ofMinutes(-1), 1);
        database.execute("UPDATE competitions SET cancelled_at = now() - interval '5 minutes'");

        run();

        assertThat(database.text("SELECT status FROM registrations")).isEqualTo("waitlisted");
        assertThat(waitlisted(competition)).isEqualTo(1);
    }

    @FullRun
    @Test
    void waitlistOfAHundredThousandEnds() {
        var competition = waitingFor(Duration.ofMinutes(-1), 100_000);

        purge(Duration.ofMinutes(5));

        assertThat(waitlisted(competition)).isZero();
        assertThat(database.count("SELECT count(*) FROM registrations WHERE status = 'expired'"))
                .isEqualTo(100_000);
        // To delete so many users, each of whom is looked up in other tables, takes minutes.
        database.execute("TRUNCATE users CASCADE");
    }

    private static void lock(Connection connection, String statement) throws SQLException {
        connection.setAutoCommit(false);
        connection.createStatement().execute(statement);
    }

    private long waitlisted(UUID competition) {
        return database.count("SELECT waitlisted FROM competitions WHERE id = ?", competition);
    }

    private void run() {
        purge(Duration.ofSeconds(30));
    }

    private void purge(Duration patience) {
        scheduler.purge().onItem().ignoreAsUni().await().atMost(patience);
    }

    private void cancel(UUID registration, String age) {
        database.execute(
                "UPDATE registrations SET status = 'cancelled', cancelled_at = now() - ?::interval WHERE id = ?",
                age,
                registration);
    }

    private UUID failedJob(String age) {
        var id = UuidCreator.getTimeOrderedEpoch();
        database.execute(
                "INSERT INTO failed_jobs (id, kind, attempts, error, failed_at) VALUES (?, 'k', 1, 'e', now() - ?::interval)",
                id,
                age);
        return id;
    }

    private UUID mail(UUID user, String age, String readAt) {
        var id = UuidCreator.getTimeOrderedEpoch();
        database.execute(
                "INSERT INTO mailbox (id, user_id, kind, subject, body, created_at, read_at)"
                        + " VALUES (?, ?, 'reminder', 's', 'b', now() - ?::interval, " + readAt + ")",
                id,
                user,
                age);
        return id;
    }

    private UUID waitingFor(Duration start, int participants) {
        var startsAt = Instant.now().plus(start);
        var competition = database.createCompetition(
                database.createOrganizer(),
                Map.of("waitlisted", participants, "reg_deadline", startsAt.minusSeconds(60), "starts_at", startsAt));
        database.execute("""
                WITH participants AS (
                    INSERT INTO users (id, name, email, role, password_hash)
                    SELECT id, 'Waiting', id || '@example.com', 'participant', '-'
                    FROM (SELECT uuid_v7() AS id FROM generate_series(1, ?)) u
                    RETURNING id)
                INSERT INTO registrations (id, competition_id, participant_id, status, first_status, place)
                SELECT uuid_v7(), ?, id, 'waitlisted', 'waitlisted', row_number() OVER () FROM participants
                """, participants, competition);
        return competition;
    }
}
