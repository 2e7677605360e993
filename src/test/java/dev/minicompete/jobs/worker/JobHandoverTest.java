package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of relay, rescuer and runner, called by the test while no worker runs. */
@QuarkusTest
@TestInstance(Lifecycle.PER_CLASS)
class JobHandoverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestDatabase database = TestServers.database();

    @Inject
    Outbox outbox;

    @Inject
    OutboxRelay relay;

    @Inject
    JobRescuer rescuer;

    @Inject
    JobQueue queue;

    @Inject
    JobRunner runner;

    @Inject
    ScriptedHandler handler;

    @Inject
    Pool pool;

    @Inject
    RedisDataSource redis;

    @Inject
    JobWorker worker;

    @BeforeAll
    void stopTheWorker() {
        worker.stop(new ShutdownEvent());
    }

    @AfterAll
    void startTheWorker() {
        nothingToDo();
        worker.start(new StartupEvent());
    }

    @BeforeEach
    void nothingToDo() {
        database.truncate();
        redis.flushall();
    }

    @Test
    void relayPushesLostJobs() {
        var jobs = insertDue(2_500);

        assertThat(get(relay.relay())).isEqualTo(2_500);

        assertThat(ready()).containsExactlyElementsOf(texts(jobs));
    }

    @Test
    void relayLeavesWaitingJobsAlone() {
        var jobs = insertDue(300);
        get(queue.push(jobs));

        assertThat(get(relay.relay())).isZero();

        assertThat(ready()).hasSize(300);
    }

    @Test
    void relayFindsALostJobOlderThanTheHead() {
        var jobs = insertDue(300);
        get(queue.push(jobs.subList(100, 300)));

        assertThat(get(relay.relay())).isEqualTo(100);

        assertThat(ready()).containsExactlyElementsOf(texts(jobs));
        assertThat(get(relay.relay())).isZero();
    }

    @Test
    void relayLeavesClaimedAndDelayedJobsAlone() {
        var jobs = insertDue(3);
        get(outbox.claim(jobs.subList(0, 1), UUID.randomUUID(), LEASE));
        database.execute("UPDATE outbox SET run_at = now() + interval '1 hour' WHERE id = ?", jobs.get(1));

        assertThat(get(relay.relay())).isEqualTo(1);

        assertThat(ready()).containsExactly(jobs.get(2).toString());
    }

    @Test
    void relayLeavesLockedJobsAlone() {
        var jobs = insertDue(1);

        var relayed = get(pool.withTransaction(transaction -> takeUntried(transaction, jobs)
                .invoke(taken -> assertThat(taken).extracting(Job::id).containsExactlyElementsOf(jobs))
                .chain(relay::relay)));

        assertThat(relayed).isZero();
        assertThat(ready()).isEmpty();
    }

    @Test
    void jobHasOneFirstTry() {
        var jobs = insertDue(1);

        assertThat(takeUntried(jobs)).extracting(Job::attempts).containsExactly(1);

        assertThat(takeUntried(jobs)).isEmpty();
    }

    /** Otherwise a job that kills its worker would be tried without limit. */
    @Test
    void jobFoundByTheRelayHasNoSecondFirstTry() {
        var jobs = insertDue(1);

        get(relay.relay());

        assertThat(takeUntried(jobs)).isEmpty();
        assertThat(get(outbox.claim(jobs, UUID.randomUUID(), LEASE)))
                .extracting(Job::attempts)
                .containsExactly(1);
    }

    @Test
    void jobOfADeadWorkerHasNoSecondFirstTry() {
        var jobs = insertDue(2);
        get(queue.push(jobs));
        get(queue.take("dead", 1));
        get(queue.heartbeat("dead", Duration.ofMillis(1)));
        await().atMost(PATIENCE).until(() -> get(queue.deadWorkers()).equals(List.of("dead")));

        get(rescuer.rescue());

        assertThat(takeUntried(jobs)).extracting(Job::id).containsExactly(jobs.get(1));
    }

    @Test
    void claimedJobCannotBeClaimedAgainUntilItsLeaseRunsOut() {
        var jobs = insertDue(1);
        assertThat(get(outbox.claim(jobs, UUID.randomUUID(), LEASE))).hasSize(1);
        assertThat(get(outbox.claim(jobs, UUID.randomUUID(), LEASE))).isEmpty();

        expireLeases();

        assertThat(get(outbox.claim(jobs, UUID.randomUUID(), LEASE)))
                .extracting(Job::attempts)
                .containsExactly(2);
    }

    @Test
    void workerThatLostItsLeaseHasNoEffect() {
        var jobs = insertDue(1);
        var stale = UUID.randomUUID();
        get(outbox.claim(jobs, stale, LEASE));
        expireLeases();
        var fresh = UUID.randomUUID();
        get(outbox.claim(jobs, fresh, LEASE));

        assertThat(finish(jobs, stale)).isEmpty();
        assertThat(get(outbox.retryLater(jobs.get(0), stale, Duration.ZERO, "late")))
                .isEmpty();
        get(outbox.moveToFailed(jobs.get(0), stale, 1, "late"));

        assertThat(database.text("SELECT lease FROM outbox")).isEqualTo(fresh.toString());
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isZero();
        assertThat(finish(jobs, fresh)).isEqualTo(jobs);
    }

    @Test
    void jobThatKilledItsWorkerAtEachAttemptBecomesAFailedJob() {
        var jobs = insertDue(1);
        for (var attempt = 1; attempt <= 5; attempt++) {
            get(outbox.claim(jobs, UUID.randomUUID(), LEASE));
            expireLeases();
        }
        get(queue.push(jobs));

        get(runner.run("worker", get(queue.take("worker", 10))));

        assertThat(database.count("SELECT count(*) FROM outbox")).isZero();
        assertThat(database.count("SELECT attempts FROM failed_jobs")).isEqualTo(5);
        assertThat(handler.tries(jobs.get(0))).isEmpty();
    }

    @Test
    void entriesOfADeadWorkerReturnInOrderAndItIsRemoved() {
        var jobs = insertDue(5);
        get(queue.push(jobs));
        get(queue.take("dead", 3));
        get(queue.take("alive", 1));
        get(queue.heartbeat("dead", Duration.ofMillis(1)));
        await().atMost(PATIENCE).until(() -> get(queue.deadWorkers()).equals(List.of("dead")));

        get(rescuer.rescue());

        assertThat(ready())
                .containsExactlyElementsOf(texts(Stream.concat(jobs.subList(0, 3).stream(), jobs.subList(4, 5).stream())
                        .toList()));
        assertThat(get(queue.deadWorkers())).isEmpty();
        assertThat(get(queue.take("alive", 1))).containsExactly(jobs.get(3).toString());
    }

    @Test
    void longListOfADeadWorkerReturnsInOrder() {
        var jobs = insertDue(2_100);
        redis.list(String.class).lpush("{jobs}:processing:dead", texts(jobs).toArray(String[]::new));
        redis.set(String.class).sadd("{jobs}:workers", "dead");

        get(rescuer.rescue());

        assertThat(ready()).containsExactlyElementsOf(texts(jobs));
        assertThat(database.count("SELECT count(*) FROM outbox WHERE leased_until IS NULL"))
                .isZero();
    }

    @Test
    void workerTakesNoMoreThanItAskedForFromItsOwnList() {
        var jobs = texts(insertDue(5));
        redis.list(String.class).lpush("{jobs}:processing:worker", jobs.toArray(String[]::new));

        assertThat(get(queue.take("worker", 3))).isEqualTo(jobs.subList(0, 3));
    }

    @Test
    void workerThatTakesEntriesIsAliveBeforeItsFirstHeartbeat() {
        var jobs = insertDue(1);
        get(queue.push(jobs));
        get(queue.take("newcomer", 1));

        get(rescuer.rescue());

        assertThat(get(queue.held("newcomer"))).isEqualTo(texts(jobs));
    }

    @Test
    void repeatedInvalidEntryBecomesOneFailedJob() {
        for (var met = 1; met <= 2; met++) {
            get(runner.run("worker", List.of("not a job", "nor this")));
        }

        assertThat(database.texts("SELECT error FROM failed_jobs ORDER BY error"))
                .containsExactly("Not the id of a job: nor this", "Not the id of a job: not a job");
    }

    @Test
    void delayedEntryIsReadyOnlyWhenItIsDue() {
        var jobs = insertDue(2);
        get(queue.push(jobs));
        get(queue.take("worker", 2));
        get(queue.delay("worker", jobs.get(0).toString(), Instant.now().minusSeconds(1)));
        get(queue.delay("worker", jobs.get(1).toString(), Instant.now().plusSeconds(600)));

        assertThat(get(queue.wakeDelayed(10))).isEqualTo(1);

        assertThat(ready()).containsExactly(jobs.get(0).toString());
    }

    @Test
    void entryWhoseJobIsNotDueYetIsDelayedUntilThen() {
        var jobs = insertDue(1);
        database.execute("UPDATE outbox SET run_at = now() + interval '1 hour'");
        get(queue.push(jobs));

        get(runner.run("worker", get(queue.take("worker", 10))));

        assertThat(redis.sortedSet(String.class).zcard("{jobs}:delayed")).isEqualTo(1);
        assertThat(database.count("SELECT attempts FROM outbox")).isZero();
    }

    /** The worker of the version before returns and pushes them to the ready queue again and again. */
    @Test
    void slowJobsThatAreReadyMoveToTheirOwnQueueOnce() {
        var jobs = insertSlow(3);
        for (var pushed = 1; pushed <= 3; pushed++) {
            get(queue.push(jobs));
            get(runner.run("worker", get(queue.take("worker", 10))));
        }

        assertThat(slow()).containsExactlyElementsOf(texts(jobs));
        assertThat(ready()).isEmpty();
        assertThat(get(queue.held("worker"))).isEmpty();
        assertThat(database.count("SELECT sum(attempts) FROM outbox")).isZero();
    }

    @Test
    void slowJobsAreTakenOneByOneInTheOrderInWhichTheyBecameDue() {
        var jobs = insertSlow(2);
        get(queue.push(List.of(jobs.get(1), jobs.get(0))));
        get(runner.run("worker", get(queue.take("worker", 10))));

        assertThat(get(queue.takeSlow("slow"))).containsExactly(jobs.get(0).toString());
        assertThat(get(queue.takeSlow("slow"))).containsExactly(jobs.get(0).toString());
        assertThat(get(queue.takeSlow("other"))).containsExactly(jobs.get(1).toString());
        assertThat(get(queue.takeSlow("third"))).isEmpty();
    }

    @Test
    void slowJobsThatWaitDoNotHideALostJobFromTheRelay() {
        var slow = insertSlow(30);
        get(queue.push(slow));
        get(runner.run("worker", get(queue.take("worker", 100))));
        var lost = insertDue(1);
        database.execute("UPDATE outbox SET run_at = now() - interval '1 hour' WHERE id = ?", lost.get(0));

        assertThat(get(relay.relay())).isEqualTo(1);

        assertThat(ready()).containsExactlyElementsOf(texts(lost));
        assertThat(slow()).hasSize(30);
    }

    @Test
    void relayFindsALostSlowJobOlderThanTheHeadOfTheSlowQueue() {
        var slow = insertSlow(40);
        get(queue.push(slow.subList(10, 40)));
        get(runner.run("worker", get(queue.take("worker", 100))));
        var waiting = insertDue(30);
        get(queue.push(waiting));

        assertThat(get(relay.relay())).isEqualTo(10);

        assertThat(slow()).containsExactlyElementsOf(texts(slow));
        assertThat(ready()).containsExactlyElementsOf(texts(waiting));
        assertThat(get(relay.relay())).isZero();
    }

    @Test
    void relayPushesNothingWhileAnotherProcessLeads() {
        insertDue(1);
        redis.value(String.class).set("{jobs}:leader", "another");

        assertThat(get(relay.relay())).isZero();

        redis.key().del("{jobs}:leader");
        assertThat(get(relay.relay())).isEqualTo(1);
    }

    @Test
    void leaderKeepsItsLeaseByRenewalOnly() {
        assertThat(get(queue.lead())).isTrue();
        redis.key().pexpire("{jobs}:leader", 1_000);

        assertThat(get(queue.lead())).isTrue();

        assertThat(redis.key().pttl("{jobs}:leader")).isBetween(2_000L, 5_000L);
    }

    /** Somebody may have set it by hand, or restored it without its expiry. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3_600_000})
    void leaseThatIsTooLongEndsAfterOneLease(long millis) {
        redis.value(String.class).set("{jobs}:leader", "another");
        if (millis > 0) {
            redis.key().pexpire("{jobs}:leader", millis);
        }

        assertThat(get(queue.lead())).isFalse();

        assertThat(redis.key().pttl("{jobs}:leader")).isBetween(2_000L, 5_000L);
        await().atMost(PATIENCE).until(() -> get(queue.lead()));
    }

    @Test
    void leaseOfAnotherProcessIsNotExtended() {
        redis.value(String.class).psetex("{jobs}:leader", 3_000, "another");

        assertThat(get(queue.lead())).isFalse();

        assertThat(redis.key().pttl("{jobs}:leader")).isBetween(1L, 3_000L);
    }

    @Test
    void leaderThatStopsResignsAndNoOtherLosesItsLease() {
        assertThat(get(queue.lead())).isTrue();

        worker.start(new StartupEvent());
        worker.stop(new ShutdownEvent());

        assertThat(redis.key().exists("{jobs}:leader")).isFalse();
        redis.value(String.class).set("{jobs}:leader", "another");
        get(queue.resign());
        assertThat(redis.value(String.class).get("{jobs}:leader")).isEqualTo("another");
    }

    private List<UUID> insertSlow(int count) {
        var jobs = insertDue(count);
        database.execute(
                "UPDATE outbox SET kind = ? WHERE id = ANY (?)",
                OneByOneTest.SlowHandler.KIND,
                jobs.toArray(UUID[]::new));
        return jobs;
    }

    /** The entry that will be taken first comes first. */
    private List<String> slow() {
        return redis.sortedSet(String.class).zrange("{jobs}:slow", 0, -1);
    }

    private List<UUID> insertDue(int count) {
        var jobs = IntStream.range(0, count)
                .mapToObj(i -> UuidCreator.getTimeOrderedEpoch())
                .toList();
        database.execute("""
                INSERT INTO outbox (id, kind, run_at)
                SELECT id, ?, now() - interval '1 day' + n * interval '10 seconds'
                FROM unnest(?) WITH ORDINALITY AS j (id, n)
                """, ScriptedHandler.KIND, jobs.toArray(UUID[]::new));
        return jobs;
    }

    private List<UUID> finish(List<UUID> jobs, UUID lease) {
        return get(pool.withTransaction(transaction -> outbox.finish(transaction, jobs, lease)));
    }

    private List<Job> takeUntried(List<UUID> jobs) {
        return get(pool.withTransaction(transaction -> takeUntried(transaction, jobs)));
    }

    private Uni<List<Job>> takeUntried(SqlConnection transaction, List<UUID> jobs) {
        return outbox.takeUntried(transaction, jobs, new String[] {ScriptedHandler.KIND});
    }

    private void expireLeases() {
        database.execute("UPDATE outbox SET leased_until = now() - interval '1 second'");
    }

    /** The entry that will be taken first comes first. */
    private List<String> ready() {
        var entries = new ArrayList<>(redis.list(String.class).lrange("{jobs}:ready", 0, -1));
        Collections.reverse(entries);
        return entries;
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
