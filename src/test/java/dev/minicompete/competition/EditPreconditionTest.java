package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertProblem;
import static dev.minicompete.testing.Requests.concurrently;
import static dev.minicompete.testing.Requests.patch;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The permissions and preconditions of an edit, checked in the order of the contract. */
@QuarkusTest
class EditPreconditionTest {

    private static final String INVALID = "{\"capacity\":0}";

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("version", 3, "cancelled_at", java.time.Instant.now()));

    @Test
    void tokenIsCheckedFirst() {
        assertProblem(
                given().contentType("text/plain").body("x").patch("/api/competitions/{id}", UUID.randomUUID()),
                401,
                "authentication-required");
    }

    @Test
    void unknownCompetitionIsReportedBeforeTheRole() {
        assertProblem(text(TestUser.participant(), UUID.randomUUID()), 404, "not-found");
        assertProblem(
                organizer.request().contentType("text/plain").body("x").patch("/api/competitions/nonsense"),
                404,
                "not-found");
    }

    @Test
    void ownerIsCheckedBeforeMediaType() {
        assertThat(text(TestUser.organizer(), competition).jsonPath().getString("code"))
                .isEqualTo("forbidden");
    }

    @Test
    void participantIsForbidden() {
        var answer = assertProblem(text(TestUser.participant(), competition), 403, "forbidden");
        assertThat(answer.header("WWW-Authenticate")).contains("error=\"insufficient_scope\"");
    }

    @Test
    void mediaTypeIsCheckedBeforeIfMatch() {
        assertProblem(text(organizer, competition), 415, "unsupported-media-type");
    }

    @Test
    void ifMatchIsCheckedBeforeTheBody() {
        assertProblem(patch(organizer, competition, null, INVALID), 428, "precondition-required");
        assertProblem(patch(organizer, competition, "\"2\"", INVALID), 412, "stale-version");
    }

    @Test
    void bodyIsCheckedBeforeTheState() {
        assertProblem(patch(organizer, competition, "\"3\"", INVALID), 400, "validation");
        assertProblem(patch(organizer, competition, "\"3\"", "{}"), 409, "competition-cancelled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"3\"", "W/\"3\"", "*", "\"1\", \"3\"", "\"1\",W/\"3\"", "\"3-0-0-open\"", "W/\"3-0-0-open\""})
    void everyFormOfTheCurrentVersionMatches(String ifMatch) {
        assertProblem(patch(organizer, competition, ifMatch, "{}"), 409, "competition-cancelled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void blankIfMatchCountsAsAbsent(String ifMatch) {
        assertProblem(patch(organizer, competition, ifMatch, "{}"), 428, "precondition-required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "\"4\"", "\"33\"", "3", "\"\"", "\"-3\"", "\"2-3\"", "nonsense", "\"1\", \"2\""})
    void otherVersionsAreStale(String ifMatch) {
        assertProblem(patch(organizer, competition, ifMatch, "{}"), 412, "stale-version");
    }

    @Test
    void plainJsonIsAccepted() {
        var open = database.createCompetition(organizer.id(), Map.of());
        var answer = organizer
                .request()
                .header("If-Match", "\"1\"")
                .contentType("application/json")
                .body("{\"capacity\":11}")
                .patch("/api/competitions/{id}", open);
        assertThat(answer.jsonPath().getInt("capacity")).isEqualTo(11);
    }

    @Test
    void oneOfConcurrentEditsSucceeds() throws Exception {
        var open = database.createCompetition(organizer.id(), Map.of());
        var edits = IntStream.range(0, 20)
                .mapToObj(
                        i -> (Callable<Integer>) () -> patch(organizer, open, "\"1\"", "{\"title\":\"Edit " + i + "\"}")
                                .statusCode())
                .toList();
        assertThat(concurrently(20, edits)).containsOnlyOnce(200).contains(412).containsOnly(200, 412);
        assertThat(database.count("SELECT version FROM competitions WHERE id = ?", open))
                .isEqualTo(2);
    }

    private static Response text(TestUser user, UUID competition) {
        return user.request().contentType("text/plain").body("x").patch("/api/competitions/{id}", competition);
    }
}
