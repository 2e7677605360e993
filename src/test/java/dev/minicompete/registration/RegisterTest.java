package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of a registration request and their order. */
@QuarkusTest
class RegisterTest {

    private static final Instant PAST = Instant.now().minus(Duration.ofHours(1));

    private final TestDatabase database = TestServers.database();
    private final UUID organizer = database.createOrganizer();
    private final TestUser alice = TestUser.participant();
    private final TestUser bob = TestUser.participant();

    @Test
    void freeSeatIsConfirmed() {
        var competition = database.createCompetition(1);
        var answer = alice.register(competition, "abc123");
        assertThat(answer.statusCode()).isEqualTo(201);
        var body = answer.jsonPath();
        assertThat(body.getMap("$"))
                .containsOnlyKeys(
                        "id",
                        "competitionId",
                        "participantId",
                        "status",
                        "waitlistPosition",
                        "note",
                        "createdAt",
                        "cancelledAt")
                .containsEntry("competitionId", competition.toString())
                .containsEntry("participantId", alice.id().toString())
                .containsEntry("status", "confirmed")
                .containsEntry("waitlistPosition", null)
                .containsEntry("note", null)
                .containsEntry("cancelledAt", null);
        assertThat(body.getString("createdAt")).endsWith("Z");
        assertThat(UUID.fromString(body.getString("id")).version()).isEqualTo(7);
        assertThat(answer.header("Location")).endsWith("/api/registrations/" + body.getString("id"));
        assertThat(answer.headers().hasHeaderWithName("Idempotent-Replayed")).isFalse();
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(alice.get("/api/registrations/" + body.getString("id")).asString())
                .isEqualTo(answer.asString());
    }

    @Test
    void noteIsStoredTrimmed() {
        var answer = register(alice, database.createCompetition(1), "{\"note\":\"  two\\nlines 😀 \"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.jsonPath().getString("note")).isEqualTo("two\nlines 😀");
        var longest = "😀".repeat(500);
        assertThat(register(alice, database.createCompetition(1), "{\"note\":\"" + longest + "\"}")
                        .jsonPath()
                        .getString("note"))
                .isEqualTo(longest);
    }

    @Test
    void fullCompetitionIsAConflict() {
        var competition = database.createCompetition(1);
        alice.register(competition, "a");
        var refused = assertProblem(bob.register(competition, "b"), 409, "competition-full");
        assertThat(refused.jsonPath().getString("detail")).contains("1");
        assertThat(seen(competition).getString("status")).isEqualTo("full");
        assertThat(seen(competition).getInt("seatsLeft")).isZero();
    }

    @Test
    void waitlistPositionsFollowTheOrderOfRegistration() {
        var competition = create(Map.of("capacity", 1, "waitlist", true));
        alice.register(competition, "a");
        var second = bob.register(competition, "b");
        var third = TestUser.participant().register(competition, "c");
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.jsonPath().getMap("$"))
                .containsEntry("status", "waitlisted")
                .containsEntry("waitlistPosition", 1);
        assertThat(second.header("Location")).contains("/api/registrations/");
        assertThat(third.jsonPath().getInt("waitlistPosition")).isEqualTo(2);
        assertThat(seen(competition).getInt("waitlisted")).isEqualTo(2);
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(Duration.ofSeconds(20));
        oracle.assertInvariants();
    }

    @Test
    void secondRegistrationIsAConflict() {
        var competition = create(Map.of("capacity", 1));
        var first = alice.register(competition, "a").jsonPath().getString("id");
        var refused = assertProblem(alice.register(competition, "another"), 409, "already-registered");
        assertThat(refused.jsonPath().getString("registrationId")).isEqualTo(first);
    }

    @Test
    void waitlistedParticipantCannotRegisterAgain() {
        var competition = create(Map.of("capacity", 1, "waitlist", true));
        bob.register(competition, "b");
        var waiting = alice.register(competition, "a").jsonPath().getString("id");
        var refused = assertProblem(alice.register(competition, "another"), 409, "already-registered");
        assertThat(refused.jsonPath().getString("registrationId")).isEqualTo(waiting);
    }

    @Test
    void cancelledParticipantCanRegisterAgainWithANewKey() {
        var competition = create(Map.of("capacity", 1));
        var first = alice.register(competition, "a");
        alice.request()
                .delete("/api/registrations/" + first.jsonPath().getString("id"))
                .then()
                .statusCode(204);
        var second = alice.register(competition, "b");
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.jsonPath().getString("id"))
                .isNotEqualTo(first.jsonPath().getString("id"));
    }

    @Test
    void firstApplicableCaseIsAnswered() {
        var cancelled = create(Map.of("cancelled_at", PAST, "reg_deadline", PAST, "capacity", 1, "registered", 1));
        assertProblem(alice.register(cancelled, "k"), 409, "competition-cancelled");
        var closed = create(Map.of("reg_deadline", PAST, "capacity", 1, "registered", 1));
        assertProblem(alice.register(closed, "k"), 409, "registration-closed");
        assertProblem(alice.register(UUID.randomUUID(), "k"), 404, "not-found");
        assertProblem(register(alice, UUID.randomUUID(), "{\"note\":5}"), 400, "validation");
        var noKey = alice.request().contentType(ContentType.JSON).body("{").post(path(UUID.randomUUID()));
        assertProblem(noKey, 400, "idempotency-key-missing");
        var wrongRole = TestUser.organizer()
                .request()
                .contentType("text/plain")
                .body("x")
                .post(path(cancelled));
        assertProblem(wrongRole, 403, "forbidden");
        assertProblem(
                given().contentType("text/plain").body("x").post(path(cancelled)), 401, "authentication-required");
    }

    @Test
    void closedTakesPrecedenceOverAlreadyRegistered() {
        var competition = create(Map.of("capacity", 2));
        alice.register(competition, "a");
        database.execute("UPDATE competitions SET reg_deadline = now() WHERE id = ?", competition);
        assertProblem(alice.register(competition, "b"), 409, "registration-closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "01920000-0000-7000-8000-00000000000z", "1-1-1-1-1"})
    void malformedIdIsNotFound(String id) {
        var answer = alice.request().header("Idempotency-Key", "k").post("/api/competitions/{id}/register", id);
        assertProblem(answer, 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"note\":5}", "{\"note\":[\"x\"]}", "{\"note\":\"\"}", "{\"note\":\"  \"}"})
    void invalidNoteIsRejected(String body) {
        assertInvalid(register(alice, database.createCompetition(1), body), "/note");
    }

    @Test
    void tooLongNoteIsRejected() {
        var body = "{\"note\":\"" + "x".repeat(501) + "\"}";
        assertInvalid(register(alice, database.createCompetition(1), body), "/note");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"x\"", "5", "{\"note\":null", "{}{}"})
    void bodyThatIsNotAnObjectIsMalformed(String body) {
        assertProblem(register(alice, database.createCompetition(1), body), 400, "malformed-request");
    }

    @Test
    void unknownMemberIsRejected() {
        assertInvalid(register(alice, database.createCompetition(1), "{\"seat\":1}"), "/seat");
    }

    @Test
    void otherMediaTypeIsUnsupported() {
        var answer = alice.request()
                .header("Idempotency-Key", "k")
                .contentType("text/plain")
                .body("{}")
                .post(path(database.createCompetition(1)));
        assertProblem(answer, 415, "unsupported-media-type");
    }

    private UUID create(Map<String, ?> columns) {
        return database.createCompetition(organizer, columns);
    }

    private static JsonPath seen(UUID competition) {
        return given().get("/api/competitions/{id}", competition).jsonPath();
    }

    private static String path(UUID competition) {
        return "/api/competitions/" + competition + "/register";
    }

    private static Response register(TestUser user, UUID competition, String body) {
        return user.request()
                .header("Idempotency-Key", "key")
                .contentType(ContentType.JSON)
                .body(body)
                .post(path(competition));
    }
}
