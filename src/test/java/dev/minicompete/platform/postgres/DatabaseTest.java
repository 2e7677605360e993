package dev.minicompete.platform.postgres;

import static dev.minicompete.testing.Requests.patch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.testing.Latch;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Work whose client got 503 has no effect later. */
@QuarkusTest
class DatabaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String EDIT = "{\"title\":\"Edited\"}";

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();

    @Inject
    Pool pool;

    @Inject
    DatabaseConfig config;

    @ConfigProperty(name = "quarkus.datasource.reactive.max-size")
    int connections;

    @Test
    void transactionBeyondItsDeadlineIsRolledBack() {
        var competition = database.createCompetition(organizer.id(), Map.of());
        try (var latch = Latch.before("UPDATE", "competitions", database)) {
            assertThat(patch(organizer, competition, EDIT).statusCode()).isEqualTo(503);
            latch.open();
            awaitIdle();
        }
        assertThat(titles(List.of(competition))).containsExactly("Hackathon");
    }

    @Test
    void workThatWaitsTooLongForAConnectionDoesNotStart() throws Exception {
        var competitions = IntStream.range(0, connections + 5)
                .mapToObj(i -> database.createCompetition(organizer.id(), Map.of()))
                .toList();
        var participant = TestUser.participant();
        var executor = Executors.newFixedThreadPool(competitions.size() + 1);
        try (var latch = Latch.before("UPDATE", "competitions", database)) {
            var statuses = new ArrayList<Future<Integer>>();
            for (var competition : competitions.subList(0, connections)) {
                statuses.add(executor.submit(
                        () -> patch(organizer, competition, EDIT).statusCode()));
            }
            latch.awaitHeldUp(connections);
            for (var competition : competitions.subList(connections, competitions.size())) {
                statuses.add(executor.submit(
                        () -> patch(organizer, competition, EDIT).statusCode()));
            }
            statuses.add(executor.submit(
                    () -> participant.register(competitions.get(0), "key").statusCode()));
            for (var status : statuses) {
                assertThat(status.get()).isEqualTo(503);
            }
            latch.open();
            awaitIdle();
        } finally {
            executor.shutdownNow();
        }
        assertThat(titles(competitions)).containsOnly("Hackathon");
        assertThat(database.count("SELECT count(*) FROM registrations WHERE competition_id = ?", competitions.get(0)))
                .isZero();
    }

    @Test
    void statementThatWaitsTooLongForAConnectionDoesNotRun() {
        var competition = database.createCompetition(organizer.id(), Map.of());
        var held = IntStream.range(0, connections)
                .mapToObj(i -> pool.getConnection().await().atMost(PATIENCE))
                .toList();
        try {
            var late = pool.preparedQuery("UPDATE competitions SET title = 'Edited' WHERE id = $1")
                    .execute(Tuple.of(competition))
                    .subscribeAsCompletionStage();
            assertThatThrownBy(() -> late.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .matches(failure -> Failures.isAway(failure.getCause()));
        } finally {
            held.forEach(connection -> connection.close().await().atMost(PATIENCE));
        }
        // The statement would run before this one.
        pool.query("SELECT 1").execute().await().atMost(PATIENCE);
        assertThat(titles(List.of(competition))).containsExactly("Hackathon");
    }

    @Test
    void workBeyondTheBoundFailsAtOnce() {
        var results = IntStream.range(0, connections + config.waiting() + 10)
                .mapToObj(i -> pool.query("SELECT pg_sleep(0.2)").execute().subscribeAsCompletionStage())
                .toList();
        var last = results.get(results.size() - 1);
        // Those that wait fail later.
        assertThatThrownBy(() -> last.get(1, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ConnectionPoolTooBusyException.class)
                .matches(Failures::isAway);
        await("the others").atMost(PATIENCE).until(() -> results.stream().allMatch(CompletableFuture::isDone));
        assertNoConnectionIsLost();
    }

    /** A connection may be assigned at the moment at which the wait for it ends. */
    private void assertNoConnectionIsLost() {
        await("all connections at once").atMost(PATIENCE).until(() -> {
            var taken = IntStream.range(0, connections)
                    .mapToObj(i -> pool.getConnection().subscribeAsCompletionStage())
                    .toList();
            CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new))
                    .handle((done, failure) -> null)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            var complete = taken.stream().noneMatch(CompletableFuture::isCompletedExceptionally);
            taken.stream()
                    .filter(connection -> !connection.isCompletedExceptionally())
                    .forEach(connection -> connection.join().close().await().atMost(PATIENCE));
            return complete;
        });
    }

    private void awaitIdle() {
        await("the end of the transactions")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> database.count("""
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE '%update competitions%'
                            AND state <> 'idle'
                        """) == 0);
    }

    private List<String> titles(List<UUID> competitions) {
        return database.texts(
                "SELECT title FROM competitions WHERE id = ANY (?)", (Object) competitions.toArray(UUID[]::new));
    }
}
