package dev.minicompete.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An oracle that is never red is worth nothing: here each of its checks finds what was broken for it. */
class OracleTest {

    private static TestDatabase database;
    private static Oracle oracle;

    private UUID competition;
    private UUID confirmed;
    private UUID firstWaiting;
    private UUID secondWaiting;

    @BeforeAll
    static void createDatabase() {
        database = TestServers.database().scratch();
        database.execute("ALTER TABLE competitions DROP CONSTRAINT competitions_no_oversell");
        database.execute("DROP INDEX registrations_one_active");
        oracle = new Oracle(database);
    }

    /** One seat, given, and two who wait. */
    @BeforeEach
    void createHealthyState() {
        database.truncate();
        competition = database.createCompetition(
                database.createOrganizer(), Map.of("capacity", 1, "registered", 1, "waitlist", true, "waitlisted", 2));
        confirmed = register("confirmed", null);
        firstWaiting = register("waitlisted", 1L);
        secondWaiting = register("waitlisted", 2L);
    }

    @Test
    void aHealthyStatePasses() {
        oracle.awaitDrained(Duration.ofSeconds(1));
        oracle.assertInvariants();
        oracle.assertEveryAnswerIsARow(List.of(confirmed, firstWaiting));
    }

    @Test
    void aPromotionPasses() {
        promote(firstWaiting);
        mail(firstWaiting, "promoted");
        oracle.assertInvariants();
    }

    @Test
    void anOversoldSeatIsFound() {
        register("confirmed", null);
        database.execute("UPDATE competitions SET registered = 2");
        assertRed(oracle::assertSeatsAreCountedAndNotOversold, "capacity 1, registered 2", "2 confirmed");
    }

    @Test
    void aMiscountedSeatIsFound() {
        database.execute("UPDATE competitions SET registered = 0");
        assertRed(oracle::assertSeatsAreCountedAndNotOversold, "registered 0", "1 confirmed");
    }

    @Test
    void aMiscountedWaitlistIsFound() {
        database.execute("UPDATE competitions SET waitlisted = 3");
        assertRed(oracle::assertSeatsAreCountedAndNotOversold, "waitlisted 3", "2 waiting");
    }

    @Test
    void aFreeSeatThatSomebodyWaitsForIsFound() {
        database.execute("UPDATE competitions SET capacity = 2");
        assertRed(oracle::assertNobodyWaitsForAFreeSeat, "1 of 2 seats given while 2 wait");
    }

    @Test
    void aSecondActiveRegistrationIsFound() {
        database.execute(
                "UPDATE registrations SET participant_id = (SELECT participant_id FROM registrations WHERE id = ?)",
                confirmed);
        assertRed(oracle::assertOneActiveRegistrationEach, "confirmed", "waitlisted");
    }

    @Test
    void aMissingMailIsFound() {
        database.execute("DELETE FROM mailbox WHERE registration_id = ?", confirmed);
        assertRed(oracle::assertEveryMailWasSentOnce, confirmed.toString(), "0 confirmation mails");
    }

    @Test
    void aSecondMailIsFound() {
        mail(firstWaiting, "waitlisted");
        assertRed(oracle::assertEveryMailWasSentOnce, firstWaiting.toString(), "2 waitlisted mails");
    }

    @Test
    void aMailThatWasNotDueIsFound() {
        mail(firstWaiting, "confirmation");
        assertRed(oracle::assertEveryMailWasSentOnce, "1 confirmation mails and 0 dead letters instead of 0");
    }

    @Test
    void aPromotionWithoutAMailIsFound() {
        promote(firstWaiting);
        assertRed(oracle::assertEveryMailWasSentOnce, "0 promoted mails");
    }

    @Test
    void aCancellationWithoutAMailIsFound() {
        database.execute(
                "UPDATE registrations SET status = 'cancelled', cancelled_at = now() WHERE id = ?", secondWaiting);
        assertRed(oracle::assertEveryMailWasSentOnce, "0 cancellation mails");
    }

    @Test
    void aCancelledCompetitionWithoutMailsIsFound() {
        database.execute("UPDATE competitions SET cancelled_at = clock_timestamp()");
        assertRed(oracle::assertEveryMailWasSentOnce, confirmed.toString(), "0 competition-cancelled mails");
    }

    @Test
    void aDeadLetterStandsForItsMail() {
        database.execute("DELETE FROM mailbox WHERE registration_id = ?", confirmed);
        moveToFailed(confirmed);
        assertThatCode(oracle::assertInvariants).doesNotThrowAnyException();
    }

    @Test
    void aDeadLetterOfADeliveredMailIsFound() {
        moveToFailed(confirmed);
        assertRed(oracle::assertEveryMailWasSentOnce, "1 confirmation mails and 1 dead letters instead of 1");
    }

    @Test
    void anUnfinishedJobIsFound() {
        database.execute("INSERT INTO outbox (id, kind) VALUES (?, 'registration:confirmation')", UUID.randomUUID());
        assertRed(oracle::assertNoJobWaits, "1 jobs registration:confirmation");
        assertThatThrownBy(() -> oracle.awaitDrained(Duration.ofMillis(200))).hasMessageContaining("no job waits");
    }

    @Test
    void anAnswerWithoutARowIsFound() {
        var lost = UUID.randomUUID();
        assertRed(() -> oracle.assertEveryAnswerIsARow(List.of(confirmed, lost)), lost.toString());
    }

    @Test
    void placesAgainstTheOrderOfTimeAreFound() {
        database.execute("UPDATE registrations SET created_at = now() - interval '1 day' WHERE id = ?", secondWaiting);
        assertRed(oracle::assertWaitlistKeepsItsOrder, "place 2 was given at");
    }

    @Test
    void aPromotionOutOfTurnIsFound() {
        promote(secondWaiting);
        assertRed(oracle::assertWaitlistKeepsItsOrder, "place 2 has a seat while place 1 has not");
    }

    @Test
    void aMissingReminderIsFound() {
        assertRed(oracle::assertEverybodyWasRemindedOnce, "0 reminders for 0 marks");

        mark(confirmed);
        assertRed(oracle::assertEverybodyWasRemindedOnce, "0 reminders for 1 marks");
    }

    @Test
    void aSecondReminderIsFound() {
        mark(confirmed);
        mail(confirmed, "reminder");
        oracle.assertEverybodyWasRemindedOnce();

        mail(confirmed, "reminder");
        assertRed(oracle::assertEverybodyWasRemindedOnce, "2 reminders for 1 marks");
    }

    @Test
    void itLooksNoFurtherThanItIsTold() {
        var other = database.createCompetition(1);
        database.execute("UPDATE competitions SET registered = 5 WHERE id = ?", competition);
        assertThatCode(new Oracle(database, other)::assertInvariants).doesNotThrowAnyException();
        assertThatThrownBy(new Oracle(database, other, competition)::assertInvariants)
                .isInstanceOf(AssertionError.class);
    }

    private static void assertRed(ThrowingCallable check, String... explanation) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContainingAll(explanation);
        assertThat(explanation).isNotEmpty();
    }

    private UUID register(String status, Long place) {
        var id = UuidCreator.getTimeOrderedEpoch();
        database.execute("""
                INSERT INTO registrations (id, competition_id, participant_id, status, first_status, place, created_at)
                VALUES (?, ?, ?, ?, ?, ?::bigint, ?)
                """, id, competition, database.createParticipant(), status, status, place, Instant.now());
        mail(id, status.equals("confirmed") ? "confirmation" : status);
        return id;
    }

    private void mail(UUID registration, String kind) {
        database.execute("""
                INSERT INTO mailbox (id, user_id, kind, subject, body, registration_id)
                SELECT gen_random_uuid(), participant_id, ?, '', '', id FROM registrations WHERE id = ?
                """, kind, registration);
    }

    private void mark(UUID registration) {
        database.execute("""
                INSERT INTO reminders (registration_id, starts_at)
                SELECT r.id, c.starts_at FROM registrations r JOIN competitions c ON c.id = r.competition_id WHERE r.id = ?
                """, registration);
    }

    private void moveToFailed(UUID registration) {
        database.execute("""
                INSERT INTO failed_jobs (id, kind, registration_id, attempts, error)
                VALUES (gen_random_uuid(), 'registration:confirmation', ?, 5, 'no luck')
                """, registration);
    }

    /** As when the one with the seat cancels. */
    private void promote(UUID registration) {
        database.execute("UPDATE registrations SET status = 'cancelled', cancelled_at = now() WHERE id = ?", confirmed);
        mail(confirmed, "cancellation");
        database.execute("UPDATE registrations SET status = 'confirmed' WHERE id = ?", registration);
        database.execute("UPDATE competitions SET waitlisted = 1");
    }
}
