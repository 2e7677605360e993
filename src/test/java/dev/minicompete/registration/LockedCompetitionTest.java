package dev.minicompete.registration;

import static dev.minicompete.testing.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Another transaction locks one competition; the registrations of the others go on. */
@QuarkusTest
class LockedCompetitionTest {

    /** Less than the shared batch waits for a lock, and far more than a registration takes. */
    private static final Duration STALLED = Duration.ofMillis(900);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CLIENTS = 4;

    /** The default of {@link RegistrationConfig#lanes}. */
    private static final int LANES = 8;

    private final TestDatabase database = TestServers.database();
    private final UUID locked = database.createCompetition(1000);
    private final UUID free = database.createCompetition(1000);
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void othersWaitOnceForTheLockOfOne() throws Exception {
        var refused = new ConcurrentLinkedQueue<Integer>();
        var clients = TestUser.participants(CLIENTS);
        var stalls = 0;
        try (var lock = lock(locked)) {
            var over = new AtomicBoolean();
            clients.forEach(client -> executor.submit(() -> {
                while (!over.get()) {
                    refused.add(client.register(locked, "key").statusCode());
                }
            }));
            // Several rounds of requests to the locked competition fail meanwhile.
            for (var number = 0; refused.size() < 2 * CLIENTS || number < 50; number++) {
                var started = System.nanoTime();
                var answer = TestUser.participant().register(free, "key");
                assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
                if (System.nanoTime() - started > STALLED.toNanos()) {
                    stalls++;
                }
            }
            over.set(true);
            executor.shutdown();
            assertThat(executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(refused).containsOnly(503);
            lock.rollback();
        }
        assertThat(stalls).isLessThanOrEqualTo(1);
        clients.forEach(client -> register(client, locked));
        assertSound();
    }

    @Test
    void requestThatGetsTheLockInTimeSucceeds() throws Exception {
        var client = TestUser.participant();
        try (var lock = lock(locked)) {
            var answer = executor.submit(() -> client.register(locked, "key").statusCode());
            // The wait that follows after the short one in the shared batch.
            await("the lane")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> database.count("""
                            SELECT count(*) FROM pg_stat_activity
                            WHERE wait_event_type = 'Lock' AND clock_timestamp() - xact_start > interval '1.1 s'
                            """) == 1 || answer.isDone());
            lock.rollback();
            assertThat(answer.get()).isEqualTo(201);
        }
        assertSound();
    }

    @Test
    void unknownCompetitionIsNotFoundWhileMoreAreLockedThanHaveLanes() throws Exception {
        var many = IntStream.range(0, LANES + 1)
                .mapToObj(number -> database.createCompetition(1000))
                .toList();
        var stranger = TestUser.participant();
        try (var lock = lock(many.toArray(UUID[]::new))) {
            many.forEach(
                    competition -> executor.submit(() -> TestUser.participant().register(competition, "key")));
            await("the lanes")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> database.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                            >= LANES);
            assertThat(stranger.register(UUID.randomUUID(), "key").statusCode()).isEqualTo(404);
            lock.rollback();
        }
    }

    @Test
    void deadlockFailsOnlyTheCompetitionThatHasIt() throws Exception {
        database.execute("""
                CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$
                """);
        database.execute(
                "CREATE TRIGGER deadlock BEFORE INSERT ON registrations FOR EACH ROW WHEN (NEW.competition_id = '"
                        + locked + "') EXECUTE FUNCTION deadlock()");
        try {
            var answers = new ArrayList<Integer>();
            var tasks = new ArrayList<Callable<Integer>>();
            for (var client : TestUser.participants(2 * CLIENTS)) {
                var competition = tasks.size() % 2 == 0 ? free : locked;
                tasks.add(() -> client.register(competition, "key").statusCode());
            }
            for (var future : executor.invokeAll(tasks)) {
                answers.add(future.get());
            }
            assertThat(answers).isEqualTo(List.of(201, 503, 201, 503, 201, 503, 201, 503));
        } finally {
            database.execute("DROP TRIGGER deadlock ON registrations");
            database.execute("DROP FUNCTION deadlock()");
        }
        assertSound();
    }

    private Connection lock(UUID... competitions) throws SQLException {
        var connection = database.connect();
        connection.setAutoCommit(false);
        for (var competition : competitions) {
            connection
                    .createStatement()
                    .execute("SELECT FROM competitions WHERE id = '" + competition + "' FOR UPDATE");
        }
        return connection;
    }

    private void assertSound() {
        var oracle = new Oracle(database, locked, free);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
    }
}
