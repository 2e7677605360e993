package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Packets vanish and nobody says so: connections that were open then are of no use any more. */
@FullRun
class CutWireIT {

    private static final Duration HEALED = Duration.ofSeconds(5);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process(Map<String, String> variables) {
        var environment = new HashMap<>(Cluster.SHORT_LIMITS);
        environment.put("SHUTDOWN_DELAY", "PT0S");
        environment.putAll(variables);
        return cluster.start(environment);
    }

    @Test
    void betweenUsAndPostgres() {
        try (var wire = new TcpProxy(cluster.postgres().port())) {
            var process = process(Map.of("DB_PORT", "" + wire.port()));
            var competition = cluster.database().createCompetition(600);
            try (var crowd = new Crowd(cluster, competition, 300).start(process::api)) {
                await("load").until(() -> crowd.decided() >= 30);
                wire.cut();
                await("not ready")
                        .atMost(HEALED)
                        .until(() -> process.management("/q/health/ready").status() == 503);
                var during = cluster.register(process, competition);
                assertThat(during.status()).isEqualTo(503);
                assertThat(during.took()).isLessThan(Duration.ofSeconds(3));
                wire.mend();
                process.awaitReady(HEALED);
                crowd.awaitDecided(Duration.ofSeconds(30));
                assertThat(crowd.registered()).isEqualTo(300);
                cluster.assertDrainedAndSound(competition);
                crowd.assertAnswersHold(process::api);
            }
            assertThat(process.log()
                            .lines()
                            .filter(line -> line.contains("Requests fail because a server is unavailable")))
                    .hasSize(1);
            assertThat(process.log().lines().filter(line -> line.contains("The job worker pauses")))
                    .hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void betweenUsAndRedis() {
        try (var wire = new TcpProxy(cluster.redis().port())) {
            var process = process(Map.of("REDIS_URL", "redis://127.0.0.1:" + wire.port()));
            var competition = cluster.database().createCompetition(600);
            try (var crowd = new Crowd(cluster, competition, 200).start(process::api)) {
                await("load").until(() -> crowd.decided() >= 30);
                wire.cut();
                crowd.awaitDecided(Duration.ofSeconds(60));
                assertThat(crowd.all())
                        .allSatisfy(reply -> assertThat(reply.took()).isLessThan(HEALED));
                wire.mend();
                var later = cluster.database().createCompetition(1);
                assertThat(cluster.register(process, later).status()).isEqualTo(201);
                await("the mail")
                        .atMost(HEALED)
                        .until(() ->
                                cluster.database().count("SELECT count(*) FROM mailbox WHERE competition_id = ?", later)
                                        == 1);
                assertThat(crowd.registered()).isEqualTo(200);
                cluster.assertDrainedAndSound();
                crowd.assertAnswersHold(process::api);
            }
        }
    }
}
