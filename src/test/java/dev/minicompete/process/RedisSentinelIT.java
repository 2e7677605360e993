package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With Sentinel a replica takes over for its master, and we follow. */
@FullRun
class RedisSentinelIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static RedisSentinels sentinels;

    @BeforeAll
    static void start() {
        sentinels = new RedisSentinels();
        cluster.useRedis(sentinels.url(), sentinels::masterPort);
    }

    @AfterAll
    static void close() {
        sentinels.close();
    }

    @Test
    void theMasterIsKilledUnderLoadAndTheReplicaTakesOver() {
        var process = cluster.start(Cluster.SHORT_LIMITS);
        var competition = cluster.database().createCompetition(150);
        var master = sentinels.master();
        try (var crowd = new Crowd(cluster, competition, 600).start(process::api)) {
            await("load").until(() -> crowd.decided() >= 60);
            master.kill();
            await("the replica's promotion")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> sentinels.masterPort() != master.port());
            crowd.awaitDecided(Duration.ofSeconds(60));
            assertThat(crowd.registered()).isEqualTo(150);
            assertThat(crowd.all()).allSatisfy(reply -> assertThat(reply.took()).isLessThan(Duration.ofSeconds(5)));

            var later = cluster.database().createCompetition(1);
            assertThat(cluster.register(process, later).status()).isEqualTo(201);
            await("the mail")
                    .atMost(Duration.ofSeconds(5))
                    .until(() ->
                            cluster.database().count("SELECT count(*) FROM mailbox WHERE competition_id = ?", later)
                                    == 1);
            cluster.assertDrainedAndSound();
            crowd.assertAnswersHold(process::api);
        }
        master.start();
        assertThat(cluster.register(process, cluster.database().createCompetition(1))
                        .status())
                .isEqualTo(201);
        cluster.assertDrainedAndSound();
    }
}
