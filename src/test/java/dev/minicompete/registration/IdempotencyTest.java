package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestRedis;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries with one key, with and without the data in Redis. */
@QuarkusTest
class IdempotencyTest {

    private final TestDatabase database = TestServers.database();
    private final TestUser alice = TestUser.participant();
    private final UUID competition = database.createCompetition(5);

    @Test
    void retryGetsTheSameBytes() {
        var first = alice.register(competition, "key");
        assertReplay(alice.register(competition, "key"), first);
        assertReplay(alice.register(competition, "key"), first);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void retryGetsTheSameBytesAfterRedisLostTheKey() {
        var first = register("key", "{\"note\":\"Grüße 😀\"}");
        TestRedis.flush();
        assertReplay(register("key", "{\"note\":\"Grüße 😀\"}"), first);
        assertReplay(register("key", "{\"note\":\"Grüße 😀\"}"), first);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void retryOfAWaitlistedRegistrationGetsTheSameBytesAfterPromotion() {
        var tiny = database.createCompetition(database.createOrganizer(), Map.of("capacity", 1, "waitlist", true));
        var seat = TestUser.participant();
        var taken = seat.register(tiny, "seat").jsonPath().getString("id");
        var first = alice.register(tiny, "key");
        assertThat(first.jsonPath().getString("status")).isEqualTo("waitlisted");
        seat.request().delete("/api/registrations/" + taken).then().statusCode(204);
        assertThat(alice.get("/api/registrations/" + first.jsonPath().getString("id"))
                        .jsonPath()
                        .getString("status"))
                .isEqualTo("confirmed");
        assertReplay(alice.register(tiny, "key"), first);
        TestRedis.flush();
        assertReplay(alice.register(tiny, "key"), first);
    }

    @Test
    void retryAfterCancellingGetsTheFirstResponseAndNoSeat() {
        var first = alice.register(competition, "key");
        alice.request()
                .delete("/api/registrations/" + first.jsonPath().getString("id"))
                .then()
                .statusCode(204);
        assertReplay(alice.register(competition, "key"), first);
        TestRedis.flush();
        assertReplay(alice.register(competition, "key"), first);
        assertThat(rows()).isEqualTo(1);
        assertThat(database.count("SELECT registered FROM competitions WHERE id = ?", competition))
                .isZero();
    }

    @Test
    void retryAfterTheDeadlineGetsTheFirstResponse() {
        var first = alice.register(competition, "key");
        database.execute(
                "UPDATE competitions SET reg_deadline = now(), cancelled_at = now() WHERE id = ?", competition);
        TestRedis.flush();
        assertReplay(alice.register(competition, "key"), first);
    }

    @Test
    void keyReusedWithAnotherBodyIsRejectedWithAndWithoutRedis() {
        register("key", "{\"note\":\"one\"}");
        for (var body : new String[] {"{\"note\":\"two\"}", "{}", "{\"note\":\"one \\n.\"}"}) {
            assertProblem(register("key", body), 422, "idempotency-key-reused");
        }
        TestRedis.flush();
        assertProblem(register("key", "{\"note\":\"two\"}"), 422, "idempotency-key-reused");
        assertProblem(alice.register(competition, "key"), 422, "idempotency-key-reused");
        assertThat(register("key", "{\"note\":\"one\"}").statusCode()).isEqualTo(201);
    }

    @Test
    void noBodyEmptyObjectAndNullNoteAreTheSameRequest() {
        var first = alice.register(competition, "key");
        assertReplay(register("key", "{}"), first);
        assertReplay(register("key", "{\"note\":null}"), first);
        assertReplay(register("key", " { } "), first);
        TestRedis.flush();
        assertReplay(register("key", "{\"note\":null}"), first);
    }

    @Test
    void whitespaceAroundTheNoteIsTheSameRequest() {
        var first = register("key", "{\"note\":\"hello\"}");
        assertReplay(register("key", "{ \"note\" : \" hello \" }"), first);
    }

    @Test
    void conflictIsReplayedEvenIfItNoLongerHolds() {
        var tiny = database.createCompetition(1);
        var rival = TestUser.participant();
        var taken = rival.register(tiny, "seat").jsonPath().getString("id");
        var first = assertProblem(alice.register(tiny, "key"), 409, "competition-full");
        rival.request().delete("/api/registrations/" + taken).then().statusCode(204);
        var again = alice.register(tiny, "key");
        assertReplay(again, first);
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(alice.register(tiny, "new-key").statusCode()).isEqualTo(201);
    }

    @Test
    void allConflictsAreReplayed() {
        var past = Instant.now().minus(Duration.ofHours(1));
        var organizer = database.createOrganizer();
        var cancelled = database.createCompetition(organizer, Map.of("cancelled_at", past));
        var closed = database.createCompetition(organizer, Map.of("reg_deadline", past));
        alice.register(competition, "one");
        for (var target : new UUID[] {cancelled, closed, competition}) {
            var first = alice.register(target, "two");
            assertThat(first.statusCode()).isEqualTo(409);
            assertReplay(alice.register(target, "two"), first);
        }
    }

    @Test
    void otherErrorsAreNotStored() {
        assertProblem(register("key", "{\"note\":5}"), 400, "validation");
        assertThat(alice.register(competition, "key").header("Idempotent-Replayed"))
                .isNull();

        var unknown = UUID.randomUUID();
        assertProblem(alice.register(unknown, "key"), 404, "not-found");
        database.createCompetition(database.createOrganizer(), Map.of("id", unknown));
        var made = alice.register(unknown, "key");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.header("Idempotent-Replayed")).isNull();
    }

    @Test
    void keysAreScopedToUserAndCompetition() {
        var bob = TestUser.participant();
        var other = database.createCompetition(1);
        var answers = new Response[] {
            alice.register(competition, "key"), bob.register(competition, "key"), alice.register(other, "key")
        };
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.header("Idempotent-Replayed")).isNull();
        });
        assertThat(answers)
                .extracting(answer -> answer.jsonPath().getString("id"))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc123", "\"abc123\"", "\"abc123\" ", "  abc123"})
    void bareAndQuotedKeyAreTheSame(String key) {
        var first = alice.register(competition, "abc123");
        assertReplay(alice.register(competition, key), first);
    }

    @Test
    void upperCaseIdIsTheSameCompetition() {
        var first = alice.register(competition, "key");
        var upper = competition.toString().toUpperCase(Locale.ROOT);
        var again = alice.request()
                .noContentType()
                .header("Idempotency-Key", "key")
                .post("/api/competitions/" + upper + "/register");
        assertReplay(again, first);
    }

    /** Processes of the version before and after read it while an upgrade rolls. */
    @Test
    void storedFormatIsStatusFingerprintLocationAndBody() {
        var created = alice.register(competition, "created");
        var conflict = alice.register(competition, "conflict");
        var withNote = register("note", "{\"note\":\"hello\"}");
        assertThat(stored("created")).isEqualTo("+201|-|" + created.header("Location") + "|" + created.asString());
        assertThat(stored("conflict")).isEqualTo("+409|-||" + conflict.asString());
        assertThat(stored("note")).isEqualTo("+409|+5d41402a-bc4b-3a76-b971-9d911017c592||" + withNote.asString());
    }

    /** Processes of the version before and after read it while an upgrade rolls. */
    @Test
    void storedRowHasBareKeyAndFirstStatusPositionAndNote() {
        var tiny = database.createCompetition(database.createOrganizer(), Map.of("capacity", 1, "waitlist", true));
        TestUser.participant().register(tiny, "seat");
        TestUser.participant().register(tiny, "first");
        alice.request()
                .header("Idempotency-Key", "\"key\"")
                .contentType(ContentType.JSON)
                .body("{\"note\":\" hello \"}")
                .post("/api/competitions/{id}/register", tiny)
                .then()
                .statusCode(201);
        assertThat(database.rows(
                        "SELECT idempotency_key, first_status, first_position, note FROM registrations"
                                + " WHERE participant_id = ?",
                        alice.id()))
                .containsExactly(Map.of(
                        "idempotency_key", "key", "first_status", "waitlisted", "first_position", 2L, "note", "hello"));
    }

    @Test
    void registrationGoesOnFromPostgresWhenTheKeyHasAWrongType() {
        TestRedis.send("LPUSH idempotency:{" + competition + ":" + alice.id() + "}:key nonsense");

        var first = alice.register(competition, "key");

        assertThat(first.statusCode()).isEqualTo(201);
        assertReplay(alice.register(competition, "key"), first);
        assertThat(rows()).isEqualTo(1);
        assertThat(alice.register(competition, "other").statusCode()).isEqualTo(409);
    }

    @Test
    void registrationGoesOnFromPostgresWhenTheStoredResponseIsInvalid() {
        TestRedis.send("SET idempotency:{" + competition + ":" + alice.id() + "}:key nonsense");

        var first = alice.register(competition, "key");

        assertThat(first.statusCode()).isEqualTo(201);
        assertReplay(alice.register(competition, "key"), first);
    }

    /** The value in Redis as one line. */
    private String stored(String key) {
        var script = "return{ok=(string.gsub(redis.call('GET',KEYS[1]),string.char(10),'|'))}";
        return TestRedis.send("EVAL \"" + script + "\" 1 idempotency:{" + competition + ":" + alice.id() + "}:" + key);
    }

    private long rows() {
        return database.count("SELECT count(*) FROM registrations WHERE participant_id = ?", alice.id());
    }

    private Response register(String key, String body) {
        return alice.request()
                .header("Idempotency-Key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/competitions/{id}/register", competition);
    }

    private static void assertReplay(Response again, Response first) {
        assertThat(again.statusCode()).as(again.asString()).isEqualTo(first.statusCode());
        assertThat(again.asByteArray()).isEqualTo(first.asByteArray());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }
}
