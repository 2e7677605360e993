package dev.minicompete.platform.http.problem;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every error response is a problem, wherever it originates. */
@QuarkusTest
class ProblemOriginsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/nothing",
                "/nothing",
                "/api/competitions/1/2/3",
                "/api/competitions/not-an-id",
                "/api/competitions/01920000-0000-7000-8000-000000000000",
                "/api/competitions/01920000-0000-7000-8000-00000000000",
                "/api/competitions/1-1-1-1-1",
                "/api/competitions/%00",
                "/api/competitions/%F0%9F%98%80"
            })
    void unknownPathIsNotFound(String path) {
        assertProblem(given().urlEncodingEnabled(false).get(path), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/mailbox/", "/api/registrations/"})
    void unknownOrMalformedIdIsNotFound(String path) {
        var user = TestUser.participant();
        assertProblem(user.get(path + UUID.randomUUID()), 404, "not-found");
        assertProblem(user.get(path + "x"), 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/auth/login, POST",
        "DELETE, /api/competitions, 'GET HEAD POST'",
        "PUT, /api/competitions/01920000-0000-7000-8000-000000000000, 'GET HEAD'",
        "GET, /api/competitions/01920000-0000-7000-8000-000000000000/register, POST",
        "POST, /api/mailbox, 'GET HEAD'",
        "POST, /.well-known/jwks.json, 'GET HEAD'"
    })
    void unsupportedMethodGetsAllowedMethods(String method, String path, String allowed) {
        var answer = assertProblem(given().request(method, path), 405, "method-not-allowed");
        assertThat(answer.header("Allow").split(",\\s*")).contains(allowed.split(" "));
    }

    @Test
    void unsupportedAcceptHeaderIsNotAcceptable() {
        assertProblem(given().accept("image/png").get("/api/competitions"), 406, "not-acceptable");
        assertProblem(given().accept("text/html").get("/.well-known/jwks.json"), 406, "not-acceptable");
    }

    @Test
    void clientThatAcceptsOnlyProblemsGetsThem() {
        var answer = given().accept("application/problem+json, application/json")
                .get("/api/competitions/" + UUID.randomUUID());
        assertProblem(answer, 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "text/json"})
    void bodyOfOtherMediaTypeIsUnsupported(String type) {
        var organizer = TestUser.organizer();
        assertProblem(
                organizer.request().contentType(type).body("{}").post("/api/competitions"),
                415,
                "unsupported-media-type");
        assertProblem(given().contentType(type).body("{}").post("/api/auth/login"), 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[1,", "nonsense", "{\"title\":\"x\"} {}", "{\"title\":\"x\",\"title\":\"y\"}", "null"})
    void bodyThatIsNotOneJsonObjectIsMalformed(String body) {
        assertProblem(TestUser.organizer().post("/api/competitions", body), 400, "malformed-request");
    }

    @Test
    void missingBodyIsMalformed() {
        var organizer = TestUser.organizer();
        assertProblem(
                organizer.request().contentType(ContentType.JSON).post("/api/competitions"), 400, "malformed-request");
    }

    @Test
    void bodyThatIsNotUtf8IsMalformed() {
        byte[] body = "{\"title\":\"caf\u00e9\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        var answer = given().contentType(ContentType.JSON).body(body).post("/api/auth/login");
        assertProblem(answer, 400, "malformed-request");
    }

    @Test
    void deeplyNestedJsonIsRejected() {
        var deep = "[".repeat(20_000) + "]".repeat(20_000);
        // RestAssured takes half a minute to look at such a body before it sends it.
        var answer = new RawRequest("POST", "/api/competitions")
                .as(TestUser.organizer())
                .json("{\"tags\":" + deep + "}")
                .send();
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void allViolationsAreReportedTogether() {
        var answer = TestUser.organizer().post("/api/competitions", "{\"title\":\" \",\"capacity\":0}");
        assertInvalid(answer, "/capacity", "/regDeadline", "/title");
    }

    @Test
    void codesAreThoseOfContract() {
        assertThat(Arrays.stream(ProblemType.values()).map(type -> type.status() + " " + type.code()))
                .containsExactlyInAnyOrder(
                        "400 validation",
                        "400 malformed-request",
                        "400 idempotency-key-missing",
                        "400 idempotency-key-invalid",
                        "401 authentication-required",
                        "401 invalid-token",
                        "401 bad-credentials",
                        "403 forbidden",
                        "404 not-found",
                        "405 method-not-allowed",
                        "406 not-acceptable",
                        "409 email-taken",
                        "409 waitlist-not-empty",
                        "409 competition-full",
                        "409 registration-closed",
                        "409 competition-cancelled",
                        "409 already-registered",
                        "409 request-in-progress",
                        "409 capacity-below-registrations",
                        "409 registration-not-cancellable",
                        "412 stale-version",
                        "413 payload-too-large",
                        "415 unsupported-media-type",
                        "422 idempotency-key-reused",
                        "428 precondition-required",
                        "429 too-many-requests",
                        "500 internal-error",
                        "503 unavailable");
    }
}
