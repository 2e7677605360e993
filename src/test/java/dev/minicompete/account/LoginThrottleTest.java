package dev.minicompete.account;

import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LoginThrottleTest {

    private static final TestDatabase DATABASE = TestServers.database();

    private final String email = DATABASE.createOrganizer() + "@example.com";

    @BeforeEach
    void deleteFailures() {
        DATABASE.execute("DELETE FROM login_failures");
    }

    @AfterAll
    static void deleteLoginFailures() {
        DATABASE.execute("DELETE FROM login_failures");
    }

    @Test
    void sixthAttemptIsLimited() {
        failFiveTimes(email);
        var refused = assertProblem(logIn(email, "wrong-password"), 429, "too-many-requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(30, 60);
    }

    @Test
    void rightPasswordIsRefusedWhileLimited() {
        failFiveTimes(email);
        assertProblem(logIn(email, TestDatabase.PASSWORD), 429, "too-many-requests");
        assertProblem(logIn(email.toUpperCase(Locale.ROOT), TestDatabase.PASSWORD), 429, "too-many-requests");
    }

    @Test
    void fourFailuresDoNotLimit() {
        for (var i = 0; i < 4; i++) {
            assertProblem(logIn(email, "wrong-password"), 401, "bad-credentials");
        }
        assertThat(logIn(email, TestDatabase.PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void unknownAddressIsLimited() {
        var unknown = UUID.randomUUID() + "@example.com";
        failFiveTimes(unknown);
        assertProblem(logIn(unknown, "wrong-password"), 429, "too-many-requests");
    }

    @Test
    void failuresOfOneAccountDoNotLimitAnother() {
        failFiveTimes(email);
        assertThat(logIn(DATABASE.createOrganizer() + "@example.com", TestDatabase.PASSWORD)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void limitEndsAfterAMinute() {
        failFiveTimes(email);
        DATABASE.execute("UPDATE login_failures SET since = since - interval '61 seconds'");
        assertThat(logIn(email, TestDatabase.PASSWORD).statusCode()).isEqualTo(200);
        assertProblem(logIn(email, "wrong-password"), 401, "bad-credentials");
    }

    @Test
    void atMostFiveOfFiftyConcurrentAttemptsAreCompared() throws Exception {
        var statuses = atOnce(50, 50, i -> logIn(email, "wrong-password-" + i));
        assertThat(statuses.get(401)).isLessThanOrEqualTo(5);
        // On a busy machine some wait too long for their turn to be hashed.
        assertThat(statuses.keySet()).isSubsetOf(401, 429, 503);
    }

    @Test
    void clientAddressIsLimitedAfterFiftyFailures() throws Exception {
        var statuses = atOnce(8, 50, i -> logIn(UUID.randomUUID() + "@example.com", "wrong-password"));
        assertThat(statuses).containsExactly(Map.entry(401, 50L));
        assertProblem(logIn(UUID.randomUUID() + "@example.com", "wrong-password"), 429, "too-many-requests");
        assertProblem(logIn(email, TestDatabase.PASSWORD), 429, "too-many-requests");
    }

    @Test
    void headerDoesNotChangeTheClientAddress() {
        DATABASE.execute("INSERT INTO login_failures VALUES ('address:127.0.0.1', now(), 50)");
        for (var header : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP")) {
            var answer = given().header(header, header.equals("Forwarded") ? "for=192.0.2.7" : "192.0.2.7")
                    .contentType(ContentType.JSON)
                    .body(Map.of("email", email, "password", TestDatabase.PASSWORD))
                    .post("/api/auth/login");
            assertProblem(answer, 429, "too-many-requests");
        }
    }

    private static void failFiveTimes(String email) {
        for (var i = 0; i < 5; i++) {
            assertProblem(logIn(email, "wrong-password"), 401, "bad-credentials");
        }
    }

    private interface Try {
        Response of(int i);
    }

    /** How often each status was answered. */
    private static Map<Integer, Long> atOnce(int parallel, int count, Try login) throws Exception {
        var threads = Executors.newFixedThreadPool(parallel);
        try {
            var tries = IntStream.range(0, count)
                    .mapToObj(i -> (Callable<Integer>) () -> login.of(i).statusCode())
                    .toList();
            var statuses = new ArrayList<Integer>();
            for (Future<Integer> answer : threads.invokeAll(tries)) {
                statuses.add(answer.get());
            }
            return statuses.stream().collect(Collectors.groupingBy(status -> status, Collectors.counting()));
        } finally {
            threads.shutdownNow();
        }
    }

    private static Response logIn(String email, String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/auth/login");
    }
}
