package dev.minicompete.platform.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PurgeTest {

    private final TestDatabase database = TestServers.database();

    @Inject
    PurgeScheduler scheduler;

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
        var started = waitingFor(Duration.ofMinutes(-1));
        var ahead = waitingFor(Duration.ofHours(1));

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

    private void run() {
        scheduler.purge().await().atMost(Duration.ofSeconds(30));
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

    private UUID waitingFor(Duration start) {
        var startsAt = Instant.now().plus(start);
        var competition = database.createCompetition(
                database.createOrganizer(),
                Map.of("waitlisted", 1, "reg_deadline", startsAt.minusSeconds(60), "starts_at", startsAt));
        database.execute(
                "INSERT INTO registrations (id, competition_id, participant_id, status, first_status, place)"
                        + " VALUES (?, ?, ?, 'waitlisted', 'waitlisted', 1)",
                UuidCreator.getTimeOrderedEpoch(),
                competition,
                database.createParticipant());
        return competition;
    }
}
