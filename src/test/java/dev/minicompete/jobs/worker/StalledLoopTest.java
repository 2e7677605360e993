package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A loop that hangs while the others of its process go on. */
@QuarkusTest
@TestProfile(StalledLoopTest.ShortLimits.class)
class StalledLoopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestServers.database();

    @Inject
    HangingHandler hanging;

    @Inject
    JobQueue queue;

    @Inject
    RedisDataSource redis;

    @Inject
    MeterRegistry metrics;

    @Inject
    JobWorker worker;

    /** The time limit for handlers is long. */
    public static class ShortLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "jobs.stall-timeout", "PT5S", "jobs.heartbeat-timeout", "PT2S", "jobs.handler-timeout", "PT5M");
        }
    }

    @BeforeEach
    void nothingToDo() {
        database.truncate();
        redis.flushall();
    }

    @Test
    void entriesOfALoopThatHangsAreTakenOverAndReadinessShowsIt() {
        var job = UuidCreator.getTimeOrderedEpoch();
        database.execute("INSERT INTO outbox (id, kind) VALUES (?, ?)", job, HangingHandler.KIND);
        queue.push(List.of(job)).await().atMost(PATIENCE);
        await().atMost(PATIENCE).until(() -> hanging.loops.containsKey(job));
        assertThat(worker.readiness().call().getStatus()).isEqualTo(Status.UP);
        var lists = redis.key().keys("{jobs}:processing:*");

        try {
            await().atMost(PATIENCE).until(() -> worker.readiness().call().getStatus() == Status.DOWN);
            var stalled = worker.readiness().call().getData().orElseThrow().get("stalled loops");
            assertThat(lists).contains("{jobs}:processing:" + stalled);
            assertThat(stalledLoops()).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> !redis.key().exists("{jobs}:processing:" + stalled));
            await().atMost(PATIENCE).until(() -> database.count("SELECT count(*) FROM outbox") == 0);
        } finally {
            hanging.loops.get(job).complete(List.of());
        }
        await().atMost(PATIENCE).until(() -> worker.readiness().call().getStatus() == Status.UP);
        assertThat(stalledLoops()).isZero();
    }

    private double stalledLoops() {
        return metrics.get("jobs.loops.stalled").gauge().value();
    }

    /** Hangs in the first try of each job until the test lets it go on. */
    @Singleton
    static class HangingHandler implements JobHandler {

        static final String KIND = "test:hanging";

        final Map<UUID, CompletableFuture<List<UUID>>> loops = new ConcurrentHashMap<>();

        @Override
        public Set<String> kinds() {
            return Set.of(KIND);
        }

        @Override
        public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
            var loop = new CompletableFuture<List<UUID>>();
            return loops.putIfAbsent(jobs.get(0).id(), loop) == null
                    ? Uni.createFrom().completionStage(loop)
                    : Uni.createFrom().item(List.of());
        }
    }
}
