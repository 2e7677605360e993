package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestRedis;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Concurrent requests with one key; a lock in PostgreSQL blocks the first. */
@QuarkusTest
class RequestInProgressTest {

    private final TestDatabase database = TestServers.database();
    private final TestUser alice = TestUser.participant();
    private final UUID competition = database.createCompetition(5);

    @Test
    void concurrentRequestIsInProgressAndARetryGetsTheFirstResponse() throws Exception {
        CompletableFuture<Response> first;
        try (var lock = database.connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("SELECT FROM competitions WHERE id = '" + competition + "' FOR UPDATE");
            first = CompletableFuture.supplyAsync(() -> alice.register(competition, "key"));
            awaitBlockedQuery();
            var second = assertProblem(alice.register(competition, "key"), 409, "request-in-progress");
            assertThat(second.header("Retry-After")).isEqualTo("1");
            assertThat(first).isNotDone();
            lock.rollback();
        }
        assertThat(first.get().statusCode()).isEqualTo(201);
        var again = alice.register(competition, "key");
        assertThat(again.asString()).isEqualTo(first.get().asString());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void requestThatTimesOutFreesItsKey() throws Exception {
        try (var lock = database.connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("SELECT FROM competitions WHERE id = '" + competition + "' FOR UPDATE");
            assertProblem(alice.register(competition, "key"), 503, "unavailable");
            lock.rollback();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(alice.register(competition, "key").statusCode())
                                .isEqualTo(201));
        assertThat(database.count("SELECT count(*) FROM registrations WHERE participant_id = ?", alice.id()))
                .isEqualTo(1);
    }

    @Test
    void retryGetsTheResponseFromPostgresDespiteALeftoverClaim() {
        var first = alice.register(competition, "key");
        var key = "idempotency:{" + competition + ":" + alice.id() + "}:key";
        assertThat(TestRedis.send("GET " + key)).as("the key's name in Redis").isNotEqualTo("$-1");
        // The state after a process has died between its commit and its response.
        TestRedis.send("SET " + key + " ?somebody-who-died PX 25000");
        var again = alice.register(competition, "key");
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }

    @Test
    void leftoverClaimExpires() {
        var key = "idempotency:{" + competition + ":" + alice.id() + "}:key";
        TestRedis.send("SET " + key + " ?somebody-who-died PX 500");
        assertProblem(alice.register(competition, "key"), 409, "request-in-progress");
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(
                        () -> assertThat(alice.register(competition, "key").statusCode())
                                .isEqualTo(201));
    }

    private void awaitBlockedQuery() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(database.count(
                                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                                        + " OR l.database IS NULL WHERE NOT granted AND datname = current_database()"))
                        .isPositive());
    }
}
