package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that are no job ids and keys of a wrong type are removed once, logged and counted once, and stop nothing. */
@QuarkusTest
@TestProfile(StalledLoopTest.ShortLimits.class)
class PoisonedQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] NOT_UTF_8 = HexFormat.of().parseHex("fffe0080");

    private final TestDatabase database = TestServers.database();

    @Inject
    ScriptedHandler handler;

    @Inject
    JobQueue queue;

    @Inject
    RedisDataSource redis;

    @Inject
    MeterRegistry metrics;

    @BeforeEach
    void nothingToDo() {
        database.truncate();
        redis.flushall();
    }

    @Test
    void readyEntryThatIsNotUtf8IsRemovedOnce() {
        assertRemovedOnce(() -> redis.list(byte[].class).lpush("{jobs}:ready", NOT_UTF_8));
    }

    @Test
    void delayedEntryThatIsNotUtf8IsRemovedOnce() {
        assertRemovedOnce(() -> redis.sortedSet(byte[].class).zadd("{jobs}:delayed", 0, NOT_UTF_8));
    }

    @Test
    void slowEntryThatIsNotUtf8IsRemovedOnce() {
        assertRemovedOnce(() -> redis.sortedSet(byte[].class).zadd("{jobs}:slow", 0, NOT_UTF_8));
    }

    @Test
    void entryOfADeadWorkerThatIsNotUtf8IsRemovedOnce() {
        assertRemovedOnce(() -> {
            redis.list(byte[].class).lpush("{jobs}:processing:dead", NOT_UTF_8);
            redis.set(String.class).sadd("{jobs}:workers", "dead");
        });
    }

    /** The set of workers may have been lost, or a worker died before it was in it. */
    @Test
    void listOfAnUnregisteredWorkerIsEmptied() {
        assertRemovedOnce(() -> redis.list(byte[].class).lpush("{jobs}:processing:unregistered", NOT_UTF_8));
    }

    @Test
    void workerWhoseNameIsNotUtf8IsRemoved() {
        redis.set(byte[].class).sadd("{jobs}:workers", NOT_UTF_8);

        await().atMost(PATIENCE).until(() -> !redis.set(byte[].class).sismember("{jobs}:workers", NOT_UTF_8));
    }

    private void assertRemovedOnce(Runnable poison) {
        var before = discarded("unreadable");

        poison.run();

        await().atMost(PATIENCE).until(() -> discarded("unreadable") > before);
        assertJobsAreDone();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(queueKeys()).isEmpty());
        assertThat(discarded("unreadable")).isEqualTo(before + 1);
        assertThat(database.texts("SELECT kind FROM failed_jobs")).containsExactly("unreadable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ready", "delayed", "slow", "workers", "leader"})
    void keyOfAWrongTypeIsMovedAwayOnce(String name) {
        assertMovedAwayOnce("{jobs}:" + name);
    }

    @Test
    void processingListOfAWrongTypeIsMovedAwayOnce() {
        assertMovedAwayOnce("{jobs}:processing:" + worker());
    }

    @Test
    void processingListOfADeadWorkerOfAWrongTypeIsMovedAwayOnce() {
        assertMovedAwayOnce("{jobs}:processing:dead");
    }

    @Test
    void heartbeatOfAWrongTypeIsMovedAwayOnce() {
        assertMovedAwayOnce("{jobs}:heartbeat:" + worker());
    }

    private void assertMovedAwayOnce(String key) {
        var before = discarded("wrong-type");

        redis.withTransaction(transaction -> {
            transaction.key().del(key);
            transaction.hash(String.class).hset(key, "field", "value");
        });

        await().atMost(PATIENCE).until(() -> redis.key().exists("invalid:" + key));
        assertThat(redis.hash(String.class).hget("invalid:" + key, "field")).isEqualTo("value");
        assertThat(redis.key().ttl("invalid:" + key)).isPositive();
        assertJobsAreDone();
        assertThat(discarded("wrong-type")).isEqualTo(before + 1);
    }

    /** Of the running workers. */
    private String worker() {
        await().atMost(PATIENCE)
                .until(() -> !redis.set(String.class).smembers("{jobs}:workers").isEmpty());
        return redis.set(String.class).smembers("{jobs}:workers").iterator().next();
    }

    /** One job that is pushed, one that the relay must find, one that fails first. */
    private void assertJobsAreDone() {
        var jobs = List.of(
                UuidCreator.getTimeOrderedEpoch(),
                UuidCreator.getTimeOrderedEpoch(),
                UuidCreator.getTimeOrderedEpoch());
        handler.fail(jobs.get(2), 1);
        database.execute(
                "INSERT INTO outbox (id, kind) SELECT unnest(?), ?", jobs.toArray(UUID[]::new), ScriptedHandler.KIND);
        queue.push(List.of(jobs.get(0), jobs.get(2))).await().atMost(PATIENCE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(jobs)
                        .allSatisfy(job -> assertThat(handler.succeededAt(job)).isNotNull()));
    }

    private double discarded(String reason) {
        return metrics.counter("jobs.discarded", "reason", reason).count();
    }

    private List<String> queueKeys() {
        return redis.key().keys("{jobs}:*").stream()
                .filter(key -> !key.startsWith("{jobs}:heartbeat:")
                        && !key.equals("{jobs}:workers")
                        && !key.equals("{jobs}:leader"))
                .toList();
    }
}
