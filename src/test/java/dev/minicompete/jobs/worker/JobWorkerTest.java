package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class JobWorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** As configured in {@link TestServers}. */
    private static final Duration BACKOFF = Duration.ofMillis(400);

    private final TestDatabase database = TestServers.database();

    @Inject
    ScriptedHandler handler;

    @Inject
    JobQueue queue;

    @Inject
    RedisDataSource redis;

    @BeforeEach
    void nothingToDo() {
        database.truncate();
        redis.flushall();
    }

    @Test
    void jobThatFailsTwiceSucceedsAtTheThirdAttemptWithinTheBackoff() {
        var job = UuidCreator.getTimeOrderedEpoch();
        handler.fail(job, 2);

        enqueue(job);

        awaitNothingUnfinished();
        assertThat(handler.succeededAt(job)).isEqualTo(3);
        var tries = handler.tries(job);
        assertThat(tries).hasSize(3);
        // The backoff is an upper limit; the slack is for the wake-up and a busy machine.
        var slack = Duration.ofSeconds(2);
        assertThat(Duration.between(tries.get(0), tries.get(1))).isLessThan(BACKOFF.plus(slack));
        assertThat(Duration.between(tries.get(1), tries.get(2)))
                .isLessThan(BACKOFF.multipliedBy(2).plus(slack));
    }

    @Test
    void jobThatAlwaysFailsBecomesOneFailedJob() {
        var job = UuidCreator.getTimeOrderedEpoch();
        handler.fail(job, 99);

        enqueue(job);

        awaitNothingUnfinished();
        assertThat(database.rows("SELECT id, kind, attempts, error FROM failed_jobs"))
                .containsExactly(Map.of(
                        "id",
                        job,
                        "kind",
                        ScriptedHandler.KIND,
                        "attempts",
                        5,
                        "error",
                        "It failed unexpectedly; the log has the details"));
        assertThat(handler.tries(job)).hasSize(5);
    }

    @Test
    void poisonJobNeitherFailsNorDelaysOthers() {
        var jobs = IntStream.range(0, 50)
                .mapToObj(i -> UuidCreator.getTimeOrderedEpoch())
                .toList();
        var poison = jobs.get(25);
        handler.fail(poison, 99);

        enqueue(jobs.toArray(UUID[]::new));

        await().atMost(PATIENCE)
                .until(() -> jobs.stream()
                                .filter(job -> handler.succeededAt(job) != null)
                                .count()
                        == 49);
        assertThat(jobs.stream().filter(job -> !job.equals(poison)))
                .allSatisfy(job -> assertThat(handler.succeededAt(job)).isEqualTo(1));
        awaitNothingUnfinished();
        assertThat(database.texts("SELECT id FROM failed_jobs")).containsExactly(poison.toString());
    }

    /** A newer version may have made it while an upgrade rolls. */
    @Test
    void jobOfUnknownKindIsRetriedUntilItsAttemptsAreExhausted() {
        var job = UuidCreator.getTimeOrderedEpoch();
        database.execute("INSERT INTO outbox (id, kind) VALUES (?, 'no:such')", job);
        queue.push(List.of(job)).await().atMost(PATIENCE);

        await().atMost(PATIENCE).until(() -> database.count("SELECT count(*) FROM outbox WHERE attempts = 2") == 1);
        awaitNothingUnfinished();

        assertThat(database.rows("SELECT kind, attempts, error FROM failed_jobs WHERE id = ?", job))
                .containsExactly(Map.of("kind", "no:such", "attempts", 5, "error", "Unknown kind no:such"));
    }

    @Test
    void invalidEntriesAreRemovedAndBlockNoJobs() {
        var list = redis.list(String.class);
        list.lpush("{jobs}:ready", "{bad json", "{\"kind\":\"no:such\"}", "x".repeat(1 << 20), "");
        list.lpush("{jobs}:ready", UUID.randomUUID().toString());
        var job = UuidCreator.getTimeOrderedEpoch();

        enqueue(job);

        awaitNothingUnfinished();
        assertThat(handler.succeededAt(job)).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> queueKeys().isEmpty());
        assertThat(database.texts("SELECT kind FROM failed_jobs"))
                .containsExactly("unreadable", "unreadable", "unreadable", "unreadable");
        assertThat(database.count("SELECT max(length(error)) FROM failed_jobs")).isLessThan(300);
    }

    @Test
    void jobThatWasNotPushedIsDone() {
        var job = UuidCreator.getTimeOrderedEpoch();

        database.execute("INSERT INTO outbox (id, kind) VALUES (?, ?)", job, ScriptedHandler.KIND);

        awaitNothingUnfinished();
        assertThat(handler.succeededAt(job)).isEqualTo(1);
    }

    @Test
    void jobThatIsQueuedSeveralTimesIsDoneOnce() {
        var job = UuidCreator.getTimeOrderedEpoch();
        database.execute("INSERT INTO outbox (id, kind) VALUES (?, ?)", job, ScriptedHandler.KIND);

        queue.push(new ArrayList<>(Collections.nCopies(40, job))).await().atMost(PATIENCE);

        awaitNothingUnfinished();
        await().atMost(PATIENCE).until(() -> queueKeys().isEmpty());
        assertThat(handler.tries(job)).hasSize(1);
    }

    private void enqueue(UUID... jobs) {
        database.execute("INSERT INTO outbox (id, kind) SELECT unnest(?), ?", jobs, ScriptedHandler.KIND);
        queue.push(List.of(jobs)).await().atMost(PATIENCE);
    }

    private void awaitNothingUnfinished() {
        await().atMost(PATIENCE).until(() -> database.count("SELECT count(*) FROM outbox") == 0);
    }

    /** The lists and sets that are not empty. */
    private List<String> queueKeys() {
        return redis.key().keys("{jobs}:*").stream()
                .filter(key -> !key.startsWith("{jobs}:heartbeat:")
                        && !key.equals("{jobs}:workers")
                        && !key.equals("{jobs}:leader"))
                .toList();
    }
}
