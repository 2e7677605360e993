package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.telemetry.TraceParents;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

/** What counts as an attempt of a job. The test calls the steps while no worker runs. */
@QuarkusTest
@TestInstance(Lifecycle.PER_CLASS)
class JobAttemptsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TIME_LIMIT = Duration.ofMillis(300);

    /** More than {@code JOB_MAX_ATTEMPTS}. */
    private static final int MANY = 7;

    private final TestDatabase database = TestServers.database();

    @Inject
    QueueEntryFilter filter;

    @Inject
    JobQueue queue;

    @Inject
    Outbox outbox;

    @Inject
    JobHandlers handlers;

    @Inject
    JobCompleter completer;

    @Inject
    JobMetrics metrics;

    @Inject
    TraceParents tracing;

    @Inject
    JobsConfig config;

    @Inject
    JobRunner runner;

    @Inject
    JobRescuer rescuer;

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

    @ParameterizedTest
    @ValueSource(strings = {"55P03", "40001", "40P01", "58030"})
    void jobThatMeetsALockOrAnOutageKeepsItsAttempts(String sqlState) {
        var job = insert(1).get(0);
        handler.fail(job, MANY, new PgException("", "ERROR", sqlState, ""));

        for (var round = 1; round <= MANY; round++) {
            run(runner);
            assertThat(database.rows("SELECT attempts, error FROM outbox"))
                    .containsExactly(Map.of("attempts", 0, "error", "Database error " + sqlState));
            makeDue();
        }
        handler.fail(job, 0, null);
        run(runner);

        assertThat(handler.succeededAt(job)).isEqualTo(1);
        assertThat(database.count("SELECT count(*) FROM outbox")).isZero();
    }

    /** It may be a statement that takes too long each time. */
    @Test
    void attemptCountsWhoseStatementWasCancelled() {
        var job = insert(1).get(0);
        handler.fail(job, MANY, new PgException("", "ERROR", "57014", ""));

        run(runner);

        assertThat(database.count("SELECT attempts FROM outbox")).isEqualTo(1);
    }

    /** PostgreSQL ends its connection meanwhile, since it is idle in a transaction. */
    @Test
    void handlerThatHangsUsesAttemptsUntilItsJobIsAFailedJob() {
        var jobs = insert(3);
        var hanging = jobs.get(1);
        handler.hang(hanging);
        var limited = runnerWithTimeLimit();

        for (var round = 0; round < MANY && count("outbox") > 0; round++) {
            var run = runUntilAJobHangs(limited);
            endIdleTransactions();
            run.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            makeDue();
        }

        assertThat(database.rows("SELECT id, attempts, error FROM failed_jobs"))
                .containsExactly(Map.of("id", hanging, "attempts", 5, "error", "Timed out"));
        assertThat(count("outbox")).isZero();
        assertThat(handler.succeededAt(jobs.get(0))).isEqualTo(1);
    }

    @Test
    void timeLimitOfAHandlerCountsAsAnAttempt() {
        var job = insert(1).get(0);
        handler.fail(job, MANY, new TimeoutException("another system does not answer"));

        run(runner);

        assertThat(database.rows("SELECT attempts, error FROM outbox"))
                .containsExactly(Map.of("attempts", 1, "error", "Timed out"));
    }

    @Test
    void jobsBesideOneThatKillsItsWorkersAreDone() {
        var jobs = insert(5);
        var killer = jobs.get(2);
        handler.hang(killer);

        for (var death = 0; death < MANY && count("outbox") > 0; death++) {
            die();
        }

        assertThat(database.rows("SELECT id, attempts, error FROM failed_jobs"))
                .containsExactly(Map.of("id", killer, "attempts", 5, "error", "The worker died at each attempt"));
        assertThat(count("outbox")).isZero();
        assertThat(Stream.of(0, 1, 3, 4).map(jobs::get))
                .allSatisfy(job -> assertThat(handler.succeededAt(job)).isEqualTo(2));
    }

    /** A worker takes all entries and dies when it comes to the job that hangs; its entries return to the queue. */
    private void die() {
        runUntilAJobHangs(runner).cancel(true);
        endIdleTransactions();
        database.execute("UPDATE outbox SET leased_until = now() - interval '1 second' WHERE leased_until > now()");
        redis.key().del("{jobs}:heartbeat:worker");
        get(rescuer.rescue());
    }

    /** Returns a run of the worker at a moment when a job hangs in it, or after its end. */
    private CompletableFuture<Void> runUntilAJobHangs(JobRunner by) {
        var hung = handler.timesHung();
        var run = by.run("worker", get(queue.take("worker", 100))).subscribeAsCompletionStage();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> run.isDone() || handler.timesHung() > hung);
        return run;
    }

    private void endIdleTransactions() {
        database.executeAsSuperuser(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE state = 'idle in transaction'");
    }

    private void run(JobRunner by) {
        get(by.run("worker", get(queue.take("worker", 100))));
    }

    private void makeDue() {
        database.execute("UPDATE outbox SET run_at = now() - interval '1 minute'");
        redis.key().del("{jobs}:delayed");
        get(queue.push(database.texts("SELECT id FROM outbox").stream()
                .map(UUID::fromString)
                .toList()));
    }

    private JobRunner runnerWithTimeLimit() {
        var limited = (JobsConfig) Proxy.newProxyInstance(
                JobsConfig.class.getClassLoader(),
                new Class<?>[] {JobsConfig.class},
                (proxy, method, arguments) ->
                        method.getName().equals("handlerTimeout") ? TIME_LIMIT : method.invoke(config, arguments));
        var transactions = new JobTransactions(pool, outbox, queue, handlers, metrics, tracing, limited);
        return new JobRunner(filter, queue, outbox, transactions, handlers, completer, config);
    }

    private long count(String table) {
        return database.count("SELECT count(*) FROM " + table);
    }

    private List<UUID> insert(int count) {
        var jobs = IntStream.range(0, count)
                .mapToObj(i -> UuidCreator.getTimeOrderedEpoch())
                .toList();
        database.execute(
                "INSERT INTO outbox (id, kind) SELECT id, ? FROM unnest(?) AS j (id)",
                ScriptedHandler.KIND,
                jobs.toArray(UUID[]::new));
        get(queue.push(jobs));
        return jobs;
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
