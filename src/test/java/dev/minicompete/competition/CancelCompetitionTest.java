package dev.minicompete.competition;

import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.concurrently;
import static dev.minicompete.testing.Requests.register;
import static dev.minicompete.testing.Requests.show;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Cancelling a competition and notifying each participant once. */
@QuarkusTest
class CancelCompetitionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("capacity", 1, "waitlist", true));

    @Test
    void confirmedAndWaitlistedGetAMailAndKeepTheirStatus() {
        var people = TestUser.participants(3);
        var registrations =
                people.stream().map(one -> register(one, competition)).toList();
        cancel(people.get(2), registrations.get(2));

        var answer = callOff(organizer, competition);

        assertThat(answer.statusCode()).isEqualTo(200);
        var seen = answer.jsonPath();
        assertThat(seen.getString("status")).isEqualTo("cancelled");
        assertThat(seen.getInt("version")).isEqualTo(2);
        assertThat(seen.getInt("registered")).isEqualTo(1);
        assertThat(seen.getInt("waitlisted")).isEqualTo(1);
        assertThat(answer.header("ETag"))
                .isEqualTo(given().get("/api/competitions/{id}", competition).header("ETag"));
        assertSound(competition);
        assertThat(show(people.get(0), registrations.get(0)).jsonPath().getString("status"))
                .isEqualTo("confirmed");
        assertThat(show(people.get(1), registrations.get(1)).jsonPath().getInt("waitlistPosition"))
                .isEqualTo(1);
        assertThat(database.texts(
                        "SELECT user_id::text FROM mailbox WHERE competition_id = ? AND kind = 'competition-cancelled'",
                        competition))
                .containsExactlyInAnyOrder(
                        people.get(0).id().toString(), people.get(1).id().toString());
    }

    @Test
    void repeatedCancellationChangesAndSendsNothing() throws Exception {
        register(TestUser.participant(), competition);
        var calls = Collections.<Callable<String>>nCopies(
                10, () -> callOff(organizer, competition).asString());
        var answers = concurrently(10, calls);

        assertThat(answers).allMatch(answers.get(0)::equals);
        assertSound(competition);
        assertThat(announced(competition)).isEqualTo(1);
    }

    @Test
    void cancelledCompetitionRejectsRegistrations() {
        callOff(organizer, competition);
        var refused = TestUser.participant().register(competition, "key");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("competition-cancelled");
    }

    @Test
    void onlyItsOrganizerMayCancel() {
        assertThat(given().post("/api/competitions/{id}/cancel", competition).statusCode())
                .isEqualTo(401);
        assertThat(callOff(TestUser.participant(), competition).statusCode()).isEqualTo(403);
        assertThat(callOff(TestUser.organizer(), competition).statusCode()).isEqualTo(403);
        assertThat(callOff(organizer, UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(organizer.request().post("/api/competitions/nonsense/cancel").statusCode())
                .isEqualTo(404);
        assertThat(database.count(
                        "SELECT count(*) FROM competitions WHERE id = ? AND cancelled_at IS NULL", competition))
                .isEqualTo(1);
    }

    @Test
    void thousandsGetOneMailEach() {
        var large = database.createCompetition(organizer.id(), Map.of("capacity", 5_000));
        var participants = database.createParticipants(3_500);
        database.createConfirmed(large, participants);
        // This participant cancelled before the competition was cancelled.
        database.execute("""
                WITH gone AS (
                    UPDATE registrations SET status = 'cancelled', cancelled_at = now()
                    WHERE competition_id = ? AND participant_id = ANY (?)
                    RETURNING id, participant_id),
                mailed AS (
                    INSERT INTO mailbox (id, user_id, kind, subject, body, registration_id)
                    SELECT uuid_v7(), participant_id, 'cancellation', 's', 'b', id FROM gone)
                UPDATE competitions SET registered = registered - 500 WHERE id = ?
                """, large, participants.subList(1_000, 1_500).toArray(UUID[]::new), large);

        callOff(organizer, large);
        callOff(organizer, large);

        assertSound(large);
        assertThat(announced(large)).isEqualTo(3_000);
        assertThat(database.count("""
                SELECT count(DISTINCT user_id) FROM mailbox WHERE competition_id = ? AND kind = 'competition-cancelled'
                """, large)).isEqualTo(3_000);
    }

    @Test
    void participantWhoCancelsDuringTheAnnouncementGetsTheMail() {
        var person = TestUser.participant();
        var registration = register(person, competition);
        // As if it had just been called off: the first chunk is still to come.
        database.execute("UPDATE competitions SET cancelled_at = now() WHERE id = ?", competition);
        cancel(person, registration);
        announceAfter(competition, null);
        assertSound(competition);
        assertThat(announced(competition)).isEqualTo(1);
    }

    @Test
    void participantWhoCancelledBeforeTheLockGetsNoMail() throws Exception {
        var person = TestUser.participant();
        register(person, competition);
        new Oracle(database).awaitDrained(PATIENCE);
        try (var other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT FROM competitions WHERE id = '" + competition + "' FOR UPDATE");
            var called = CompletableFuture.supplyAsync(
                    () -> callOff(organizer, competition).statusCode());
            await().until(() -> database.count("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            other.createStatement().execute("UPDATE competitions SET registered = 0 WHERE id = '" + competition + "'");
            other.createStatement()
                    .execute("UPDATE registrations SET status = 'cancelled', cancelled_at = clock_timestamp()"
                            + " WHERE competition_id = '" + competition + "'");
            other.commit();
            assertThat(called.get()).isEqualTo(200);
        }
        new Oracle(database).awaitDrained(PATIENCE);
        assertThat(announced(competition)).isZero();
    }

    @Test
    void announcementContinuesAfterACrash() {
        var large = database.createCompetition(organizer.id(), Map.of("capacity", 5_000));
        database.createConfirmed(large, database.createParticipants(2_500));
        database.execute("UPDATE competitions SET cancelled_at = now() WHERE id = ?", large);
        var last = UUID.fromString(database.text("""
                SELECT id::text FROM registrations WHERE competition_id = ? ORDER BY created_at, id OFFSET 1199 LIMIT 1
                """, large));

        announceAfter(large, last);

        new Oracle(database).awaitDrained(PATIENCE);
        assertThat(announced(large)).isEqualTo(1_300);
        assertThat(database.count("""
                SELECT count(*) FROM mailbox m JOIN registrations r ON r.id = m.registration_id
                WHERE m.competition_id = ? AND m.kind = 'competition-cancelled'
                    AND (r.created_at, r.id) <= (SELECT created_at, id FROM registrations WHERE id = ?)
                """, large, last)).isZero();
    }

    /** Adds a job to the outbox only, like a process that dies after the commit. */
    private void announceAfter(UUID competition, UUID registration) {
        database.execute("""
                INSERT INTO outbox (id, kind, competition_id, registration_id, created_at, run_at)
                VALUES (?, 'competition:announce-cancellation', ?, ?, now() - interval '1 min', now() - interval '1 min')
                """, UuidCreator.getTimeOrderedEpoch(), competition, registration);
    }

    private static Response callOff(TestUser user, UUID competition) {
        return user.request().post("/api/competitions/{id}/cancel", competition);
    }

    private long announced(UUID competition) {
        return database.count(
                "SELECT count(*) FROM mailbox WHERE competition_id = ? AND kind = 'competition-cancelled'",
                competition);
    }

    private void assertSound(UUID competition) {
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
    }
}
