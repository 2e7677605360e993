package dev.minicompete.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ReminderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestServers.database();
    private final Oracle oracle = new Oracle(database);

    @Inject
    ReminderScheduler scheduler;

    @BeforeEach
    void emptyTables() {
        database.truncate();
    }

    @Test
    void everyConfirmedRegistrationWithinTheWindowGetsOneReminder() {
        var soon = competitionStartingIn(Duration.ofHours(20));
        database.createConfirmed(soon, database.createParticipants(2_500));
        var later = competitionStartingIn(Duration.ofHours(25));
        database.createConfirmed(later, database.createParticipants(3));

        run();
        run();

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(soon)).isEqualTo(2_500);
        assertThat(reminders(later)).isZero();
        oracle.assertEverybodyWasRemindedOnce();
        oracle.assertInvariants();
    }

    @Test
    void concurrentSchedulersRemindOnce() {
        for (var i = 0; i < 5; i++) {
            database.createConfirmed(competitionStartingIn(Duration.ofHours(1 + i)), database.createParticipants(700));
        }

        Uni.join()
                .all(IntStream.range(0, 6)
                        .mapToObj(i -> scheduler.remind().onItem().ignoreAsUni())
                        .toList())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        oracle.awaitDrained(PATIENCE);
        assertThat(database.count("SELECT count(*) FROM mailbox WHERE kind = 'reminder'"))
                .isEqualTo(3_500);
        oracle.assertEverybodyWasRemindedOnce();
    }

    @Test
    void registrationWithinTheWindowIsRemindedByTheNextRun() {
        var competition = competitionStartingIn(Duration.ofHours(2));
        run();
        database.createConfirmed(competition, database.createParticipants(1));

        run();

        oracle.awaitDrained(PATIENCE);
        oracle.assertEverybodyWasRemindedOnce();
    }

    @Test
    void movedStartIsRemindedOnceMore() {
        var competition = competitionStartingIn(Duration.ofHours(2));
        database.createConfirmed(competition, database.createParticipants(2));
        run();
        oracle.awaitDrained(PATIENCE);

        database.execute("UPDATE competitions SET starts_at = starts_at + interval '1 hour' WHERE id = ?", competition);
        run();
        run();

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(competition)).isEqualTo(4);
        oracle.assertEverybodyWasRemindedOnce();
    }

    @Test
    void reminderOfAnOutdatedStartIsNotSent() {
        var competition = competitionStartingIn(Duration.ofHours(2));
        var registration = database.createConfirmed(competition, database.createParticipants(1))
                .get(0);
        database.execute("""
                WITH mark AS (
                    INSERT INTO reminders (registration_id, starts_at) VALUES (?, now() + interval '90 minutes')
                    RETURNING registration_id, job_id)
                INSERT INTO outbox (id, kind, competition_id, registration_id, user_id)
                SELECT m.job_id, 'reminder:notify', r.competition_id, r.id, r.participant_id
                FROM mark m JOIN registrations r ON r.id = m.registration_id
                """, registration);

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(competition)).isZero();

        run();
        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(competition)).isEqualTo(1);
        oracle.assertEverybodyWasRemindedOnce();
    }

    @Test
    void lateRunRemindsUntilTheStart() {
        var aboutToStart = competitionStartingIn(Duration.ofMinutes(1));
        database.createConfirmed(aboutToStart, database.createParticipants(1));
        var started = competitionStartingIn(Duration.ofMinutes(-1));
        database.createConfirmed(started, database.createParticipants(1));

        run();

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(aboutToStart)).isEqualTo(1);
        assertThat(reminders(started)).isZero();
    }

    @Test
    void noReminderOfCancelledCompetitionsAndRegistrations() {
        var cancelled = competitionStartingIn(Duration.ofHours(2));
        database.createConfirmed(cancelled, database.createParticipants(1));
        database.execute("UPDATE competitions SET cancelled_at = now() WHERE id = ?", cancelled);
        var left = competitionStartingIn(Duration.ofHours(2));
        database.createConfirmed(left, database.createParticipants(1));
        database.execute(
                "UPDATE registrations SET status = 'cancelled', cancelled_at = now() WHERE competition_id = ?", left);

        run();

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(cancelled)).isZero();
        assertThat(reminders(left)).isZero();
    }

    @Test
    void everyCompetitionOfALongListIsFound() {
        var organizer = database.createOrganizer();
        database.execute("""
                WITH competition AS (
                    INSERT INTO competitions (id, organizer_id, title, capacity, registered, reg_deadline, starts_at)
                    SELECT uuid_v7(), ?, 'Hackathon', 1, 1, now(), now() + interval '1 hour' FROM generate_series(1, 1100)
                    RETURNING id)
                INSERT INTO registrations (id, competition_id, participant_id, status)
                SELECT uuid_v7(), id, ?, 'confirmed' FROM competition
                """, organizer, database.createParticipant());

        run();

        oracle.awaitDrained(PATIENCE);
        assertThat(database.count("SELECT count(*) FROM mailbox WHERE kind = 'reminder'"))
                .isEqualTo(1_100);
    }

    @Test
    void lockedCompetitionDelaysOnlyItsOwnReminders() throws SQLException {
        var locked = competitionStartingIn(Duration.ofHours(1));
        var registration =
                database.createConfirmed(locked, database.createParticipants(1)).get(0);
        var other = competitionStartingIn(Duration.ofHours(2));
        database.createConfirmed(other, database.createParticipants(1));

        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            connection
                    .createStatement()
                    .execute("SELECT FROM registrations WHERE id = '" + registration + "' FOR UPDATE");
            assertThatThrownBy(this::run).hasMessageContaining("55P03");
        }
        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(locked)).isZero();
        assertThat(reminders(other)).isEqualTo(1);

        run();

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(locked)).isEqualTo(1);
        oracle.assertEverybodyWasRemindedOnce();
    }

    @Test
    void missedRunIsMadeUpFor() {
        var competition = competitionStartingIn(Duration.ofHours(2));
        database.createConfirmed(competition, database.createParticipants(1));
        database.execute("DELETE FROM scheduled_runs");

        scheduler.remindIfDue().await().atMost(PATIENCE);

        oracle.awaitDrained(PATIENCE);
        assertThat(reminders(competition)).isEqualTo(1);
    }

    private void run() {
        scheduler.remind().onItem().ignoreAsUni().await().atMost(PATIENCE);
    }

    private UUID competitionStartingIn(Duration duration) {
        var start = Instant.now().plus(duration);
        return database.createCompetition(
                database.createOrganizer(),
                Map.of("capacity", 10_000, "reg_deadline", start.minusSeconds(1), "starts_at", start));
    }

    private long reminders(UUID competition) {
        return database.count(
                "SELECT count(*) FROM mailbox WHERE kind = 'reminder' AND competition_id = ?", competition);
    }
}
