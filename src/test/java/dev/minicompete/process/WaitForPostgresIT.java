package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that comes up before its PostgreSQL waits for it; what waiting does not mend it says at once. */
class WaitForPostgresIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static void assertComesUpLater(Runnable before, Runnable after) {
        var api = Ports.free();
        var management = Ports.free();
        before.run();
        var process = ProductionProcess.launch(
                cluster.environment(Map.of("PORT", "" + api, "MANAGEMENT_PORT", "" + management)));
        try {
            await("the line that says what it waits for")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> process.log().contains("Mini Compete waits for PostgreSQL at 127.0.0.1:"));
            assertThat(Http.get(URI.create("http://127.0.0.1:" + management + "/q/health/live"))
                            .status())
                    .isEqualTo(200);
            assertThat(Http.get(URI.create("http://127.0.0.1:" + management + "/q/health/ready"))
                            .status())
                    .isEqualTo(503);
            var request = Http.get(URI.create("http://127.0.0.1:" + api + "/api/competitions"));
            assertThat(request.status()).isEqualTo(503);
            assertThat(request.code()).isEqualTo("unavailable");
        } finally {
            after.run();
        }
        process.awaitStarted();
        process.awaitReady(Duration.ofSeconds(5));
        assertThat(process.log().lines().filter(line -> line.contains("waits for PostgreSQL")))
                .hasSize(1);
        assertThat(cluster.register(process, cluster.database().createCompetition(1))
                        .status())
                .isEqualTo(201);
        process.close();
    }

    @Test
    void postgresStartedLater() {
        assertComesUpLater(cluster.postgres()::stop, cluster.postgres()::start);
    }

    @FullRun
    @Test
    void postgresThatAnswersLater() {
        var postgres = cluster.postgres().process();
        assertComesUpLater(() -> Signals.freeze(postgres), () -> Signals.thaw(postgres));
    }

    @FullRun
    @Test
    void whileItWaitsItCanBeEnded() {
        cluster.postgres().stop();
        try {
            var process = ProductionProcess.launch(cluster.environment(Map.of()));
            await("the line that says what it waits for")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> process.log().contains("Mini Compete waits for PostgreSQL"));
            assertThat(process.terminate(Duration.ofSeconds(5)).code()).isEqualTo(143);
        } finally {
            cluster.postgres().start();
        }
    }

    @Test
    void whatWaitingDoesNotMendIsRefused() {
        ProductionProcess.runToItsEnd(cluster.environment(Map.of("DB_NAME", "elsewhere")))
                .assertRefusal("DB_NAME: FATAL: database \"elsewhere\" does not exist");
        ProductionProcess.runToItsEnd(cluster.environment(Map.of("DB_USER", "stranger")))
                .assertRefusal("DB_USER or DB_PASSWORD: FATAL: role \"stranger\" does not exist");
    }

    @FullRun
    @Test
    void aPortThatIsTakenIsRefused() {
        var process = cluster.start(Map.of());
        var taken = "" + process.api().getPort();
        ProductionProcess.runToItsEnd(cluster.environment(Map.of("PORT", taken)))
                .assertRefusal("PORT or MANAGEMENT_PORT: Port already bound: " + taken);
    }
}
