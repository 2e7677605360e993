package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Latch;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that is told to end answers whom it has heard, hands back what it holds, and goes. */
class ShutdownIT {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @Test
    void aRequestInFlightIsAnswered() throws Exception {
        var competition = cluster.database().createCompetition(10);
        var process = cluster.start(Map.of("SHUTDOWN_DELAY", "PT0.2S"));
        try (var gate = Latch.before("INSERT", "registrations", cluster.database())) {
            var request = CompletableFuture.supplyAsync(() -> cluster.register(process, competition));
            gate.awaitSomebody();
            process.askToEnd();
            await("the end has begun").until(() -> process.log().contains("Waiting for HTTP requests to complete"));
            gate.open();
            assertThat(request.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
        }
        assertThat(process.exit(PATIENCE).code()).isIn(0, 143);
        cluster.start(Map.of("JOBS_RELAY_GRACE", "PT1S"));
        cluster.assertDrainedAndSound();
    }

    /** Clients that keep their connections, as a load balancer does, and leave once the process is not ready any more. */
    @Test
    void nobodyWhoLeavesInTimeIsCutOff() throws Exception {
        var process = cluster.start(Map.of("SHUTDOWN_DELAY", "PT3S"));
        var ready = new AtomicBoolean(true);
        var executor = Executors.newFixedThreadPool(16);
        try {
            var clients = Stream.generate(
                            () -> executor.submit(() -> KeepAlive.getUntil(() -> !ready.get(), process.api())))
                    .limit(16)
                    .toList();
            await("load").until(() -> KeepAlive.answers() > 200);
            process.askToEnd();
            await("readiness to go down first")
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> process.management("/q/health/ready").status() == 503);
            assertThat(process.management("/q/health/live").status()).isEqualTo(200);
            var late = KeepAlive.answers();
            await("service until then").until(() -> KeepAlive.answers() > late + 50);
            ready.set(false);
            for (var client : clients) {
                assertThat(client.get(10, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(process.exit(PATIENCE).code()).isIn(0, 143);
    }

    private static boolean canConnect(ProductionProcess process) {
        return Http.get(process.api().resolve("/api/competitions?limit=1")).status() == 200;
    }

    @FullRun
    @Test
    void underLoadNothingIsLost() {
        var competition = cluster.database().createCompetition(400);
        var process = cluster.start(Map.of());
        var other = cluster.start(Map.of("WORKER_ENABLED", "false"));
        try (var crowd = new Crowd(cluster, competition, 800)) {
            crowd.start(() -> process.isAlive() ? process.api() : other.api());
            await("load").until(() -> crowd.decided() >= 50);
            assertThat(process.terminate(PATIENCE).code()).isIn(0, 143);
            crowd.awaitDecided(Duration.ofSeconds(60));
            // A connection that is not yet heard may be cut; but whoever was heard was answered, so that nobody who had
            // to ask again finds the work done.
            assertThat(crowd.firstRegistrations()).isNotEmpty().noneMatch(Reply::replayed);
            assertThat(crowd.registered()).isEqualTo(400);
            try (var redis = cluster.commands()) {
                assertThat(redis.queues().keySet())
                        .as("nothing is in the hands of the dead")
                        .isSubsetOf("{jobs}:ready");
            }
            cluster.start(Map.of());
            cluster.assertDrainedAndSound(competition);
            crowd.assertAnswersHold(other::api);
        }
    }

    /** The worker stands in the middle of a mail when it is told to end. */
    @Test
    void jobsInHandAreFinishedOrHandedBack() {
        var competition = cluster.database().createCompetition(10);
        var process = cluster.start(Map.of("SHUTDOWN_DELAY", "PT0.2S"));
        try (var gate = Latch.before("INSERT", "mailbox", cluster.database())) {
            assertThat(cluster.register(process, competition).status()).isEqualTo(201);
            gate.awaitSomebody();
            process.askToEnd();
            await("the order to end").until(() -> !canConnect(process));
        }
        assertThat(process.exit(PATIENCE).code()).isIn(0, 143);
        try (var redis = cluster.commands()) {
            assertThat(redis.queues().keySet()).isSubsetOf("{jobs}:ready");
        }
        assertThat(process.log()).doesNotContain("ERROR", "Exception");
        cluster.start(Map.of());
        cluster.assertDrainedAndSound(competition);
    }

    @Test
    @FullRun
    void withoutRedisItEndsInTime() {
        var process = cluster.start(Map.of());
        Signals.freeze(cluster.redis().process());
        try {
            assertThat(process.terminate(PATIENCE).code()).isIn(0, 143);
        } finally {
            Signals.thaw(cluster.redis().process());
        }
    }

    @Test
    @FullRun
    void withoutPostgresItEndsInTime() {
        var process = cluster.start(Map.of());
        Signals.freeze(cluster.postgres().process());
        try {
            assertThat(process.terminate(PATIENCE).code()).isIn(0, 143);
        } finally {
            Signals.thaw(cluster.postgres().process());
        }
    }
}
