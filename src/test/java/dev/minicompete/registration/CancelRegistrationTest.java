package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertProblem;
import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.concurrently;
import static dev.minicompete.testing.Requests.register;
import static dev.minicompete.testing.Requests.show;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cancelling a registration. */
@QuarkusTest
class CancelRegistrationTest {

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final TestUser participant = TestUser.participant();
    private final UUID competition = database.createCompetition(organizer.id(), Map.of("capacity", 2));
    private UUID registration;

    @BeforeEach
    void registerOnce() {
        registration = register(participant, competition);
    }

    @Test
    void cancellingFreesTheSeatAndRecordsTheTime() {
        var answer = cancel(participant, registration);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.asString()).isEmpty();
        var seen = show(participant, registration).jsonPath();
        assertThat(seen.getString("status")).isEqualTo("cancelled");
        assertThat(Instant.parse(seen.getString("cancelledAt")))
                .isAfter(Instant.parse(seen.getString("createdAt")))
                .isBefore(Instant.now().plusSeconds(5));
        assertThat(given().get("/api/competitions/{id}", competition).jsonPath().getInt("seatsLeft"))
                .isEqualTo(2);
        assertSound();
    }

    @Test
    void repeatedCancellationChangesNothingAndSendsNoMail() throws Exception {
        var calls = Collections.<Callable<Integer>>nCopies(
                12, () -> cancel(participant, registration).statusCode());
        assertThat(concurrently(12, calls)).containsOnly(204);
        var first = show(participant, registration).asString();
        assertThat(cancel(participant, registration).statusCode()).isEqualTo(204);
        assertThat(show(participant, registration).asString()).isEqualTo(first);
        assertSound();
        assertThat(mails("cancellation")).isEqualTo(1);
    }

    @Test
    void registeringAgainMakesANewRegistration() {
        cancel(participant, registration);
        var again = register(participant, competition);
        assertThat(again).isNotEqualTo(registration);
        assertThat(show(participant, registration).jsonPath().getString("status"))
                .isEqualTo("cancelled");
        assertSound();
        assertThat(mails("confirmation")).isEqualTo(2);
    }

    @Test
    void oldKeyStillGetsItsFirstResponse() {
        var other = TestUser.participant();
        var first = other.register(competition, "key");
        cancel(other, UUID.fromString(first.jsonPath().getString("id")));
        var replay = other.register(competition, "key");
        assertThat(replay.statusCode()).isEqualTo(201);
        assertThat(replay.asString()).isEqualTo(first.asString());
        assertThat(replay.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(database.count("SELECT registered FROM competitions WHERE id = ?", competition))
                .isEqualTo(1);
    }

    @Test
    void othersCannotCancelARegistration() {
        assertProblem(cancel(TestUser.participant(), registration), 404, "not-found");
        assertProblem(cancel(participant, UUID.randomUUID()), 404, "not-found");
        assertProblem(participant.request().delete("/api/registrations/nonsense"), 404, "not-found");
        assertProblem(cancel(organizer, registration), 403, "forbidden");
        assertProblem(given().delete("/api/registrations/{id}", registration), 401, "authentication-required");
        assertThat(show(participant, registration).jsonPath().getString("status"))
                .isEqualTo("confirmed");
    }

    @Test
    void onlyTheParticipantAndTheOrganizerSeeARegistration() {
        assertThat(show(participant, registration).statusCode()).isEqualTo(200);
        assertThat(show(organizer, registration).asString())
                .isEqualTo(show(participant, registration).asString());
        assertProblem(show(TestUser.participant(), registration), 404, "not-found");
        assertProblem(show(TestUser.organizer(), registration), 404, "not-found");
        assertProblem(given().get("/api/registrations/{id}", registration), 401, "authentication-required");
    }

    @Test
    void cancellingAfterTheStartIsAConflict() {
        var early = TestUser.participant();
        var cancelledBefore = register(early, competition);
        cancel(early, cancelledBefore);
        database.execute(
                "UPDATE competitions SET reg_deadline = now(), starts_at = clock_timestamp() WHERE id = ?",
                competition);
        assertProblem(cancel(participant, registration), 409, "registration-not-cancellable");
        assertThat(cancel(early, cancelledBefore).statusCode()).isEqualTo(204);
        assertSound();
    }

    @Test
    void cancellingBetweenDeadlineAndStartWorks() {
        database.execute("UPDATE competitions SET reg_deadline = now() WHERE id = ?", competition);
        assertThat(cancel(participant, registration).statusCode()).isEqualTo(204);
        assertSound();
    }

    @Test
    void cancellingWorksWhenTheCompetitionIsCancelled() {
        organizer.request().post("/api/competitions/{id}/cancel", competition);
        assertThat(cancel(participant, registration).statusCode()).isEqualTo(204);
        assertSound();
        assertThat(mails("competition-cancelled")).isEqualTo(1);
        assertThat(mails("cancellation")).isEqualTo(1);
    }

    private long mails(String kind) {
        return database.count("SELECT count(*) FROM mailbox WHERE user_id = ? AND kind = ?", participant.id(), kind);
    }

    private void assertSound() {
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(Duration.ofSeconds(30));
        oracle.assertInvariants();
    }
}
