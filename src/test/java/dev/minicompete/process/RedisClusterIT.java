package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.dev.RedisServer;
import dev.minicompete.testing.FullRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a real Redis Cluster everything works as on one Redis, and a part of it may go. */
@FullRun
class RedisClusterIT {

    private static final Duration HEALED = Duration.ofSeconds(5);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static RedisCluster redis;

    @BeforeAll
    static void start() {
        redis = new RedisCluster();
        var jobs = redis.jobs().port();
        cluster.useRedis(redis.url(), () -> jobs);
    }

    @AfterAll
    static void close() {
        redis.close();
    }

    @Test
    void processesThatDieLoseNothingAndAnswersHoldEverywhere() {
        var victim = cluster.start(Cluster.SHORT_LIMITS);
        var steady = List.of(cluster.start(Cluster.SHORT_LIMITS), cluster.start(Map.of("WORKER_ENABLED", "false")));
        var competition = cluster.database().createCompetition(150);
        try (var crowd = new Crowd(cluster, competition, 400)) {
            crowd.start(() -> victim.isAlive() && ThreadLocalRandom.current().nextBoolean()
                    ? victim.api()
                    : steady.get(ThreadLocalRandom.current().nextInt(2)).api());
            await("load").until(() -> crowd.decided() >= 60);
            victim.kill();
            crowd.awaitDecided(Duration.ofSeconds(60));
            assertThat(crowd.registered()).isEqualTo(150);
            cluster.assertDrainedAndSound(competition);
            assertThat(redis.masters()).as("all of them have keys").allSatisfy(master -> {
                try (var commands = new RedisCommands(master.port())) {
                    assertThat((Long) commands.run("DBSIZE")).isPositive();
                }
            });
            crowd.assertAnswersHold(() -> steady.get(1).api());
            crowd.assertAnswersHold(() -> steady.get(0).api());
            cluster.assertDrainedAndSound(competition);
        }
        steady.forEach(process -> assertThat(process.log()).doesNotContain("CROSSSLOT", "MOVED", "ERROR"));
    }

    @Test
    void theMasterThatHasTheJobsIsKilledAndStartedAgain() {
        assertServesWithout(redis.jobs());
    }

    @Test
    void anotherMasterIsKilledAndStartedAgain() {
        var jobs = redis.jobs();
        assertServesWithout(redis.masters().stream()
                .filter(master -> master != jobs)
                .findFirst()
                .orElseThrow());
    }

    private static void assertServesWithout(RedisServer master) {
        var process = cluster.start(Cluster.SHORT_LIMITS);
        var competition = cluster.database().createCompetition(100);
        try (var crowd = new Crowd(cluster, competition, 300).start(process::api)) {
            await("load").until(() -> crowd.decided() >= 30);
            master.kill();
            try {
                crowd.awaitDecided(Duration.ofSeconds(60));
                assertThat(crowd.registered()).isEqualTo(100);
                assertThat(process.management("/q/health/ready").status()).isEqualTo(200);
            } finally {
                master.start();
            }
            redis.awaitWhole();
            assertMailWithin(HEALED, process);
            assertThat(crowd.all()).allSatisfy(reply -> assertThat(reply.took()).isLessThan(Duration.ofSeconds(5)));
            cluster.assertDrainedAndSound();
            crowd.assertAnswersHold(process::api);
        }
    }

    private static void assertMailWithin(Duration patience, ProductionProcess process) {
        UUID competition = cluster.database().createCompetition(1);
        assertThat(cluster.register(process, competition).status()).isEqualTo(201);
        await("the mail")
                .atMost(patience)
                .until(() ->
                        cluster.database().count("SELECT count(*) FROM mailbox WHERE competition_id = ?", competition)
                                == 1);
    }
}
