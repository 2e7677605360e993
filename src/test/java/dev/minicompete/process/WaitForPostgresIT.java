package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that comes up before its PostgreSQL waits for it; what waiting does not mend it says at once. */
class WaitForPostgresIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static void awaitLine(ProductionProcess process) {
        await("the line that says what it waits for")
                .atMost(Duration.ofSeconds(20))
                .until(() -> process.log().contains("Mini Compete waits for PostgreSQL at 127.0.0.1:"));
    }

    private static void assertComesUpLater(Runnable before, Runnable after) {
        var api = Ports.free();
        var management = Ports.free();
        before.run();
        var process = ProductionProcess.launch(
                cluster.environment(Map.of("PORT", "" + api, "MANAGEMENT_PORT", "" + management)));
        try {
            awaitLine(process);
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

    /** A probe that finds the port closed would end the process in the middle of its migration. */
    @Test
    @FullRun
    void livenessAnswersDuringAMigration() throws Exception {
        var management = URI.create("http://127.0.0.1:" + Ports.free());
        try (var other = cluster.database().connect();
                var lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE flyway_schema_history");
            var process =
                    ProductionProcess.launch(cluster.environment(Map.of("MANAGEMENT_PORT", "" + management.getPort())));
            awaitMigrationThatWaits();
            assertThat(Http.get(management.resolve("/q/health/live")).status()).isEqualTo(200);
            assertThat(Http.get(management.resolve("/q/health/ready")).status()).isEqualTo(503);
            other.rollback();
            process.awaitStarted();
            process.awaitReady(Duration.ofSeconds(5));
            process.close();
        }
    }

    /** Liveness answers during a migration, so no probe would end a process that hangs in it. */
    @FullRun
    @Test
    void aLostConnectionEndsTheMigration() throws Exception {
        try (var wire = new TcpProxy(cluster.postgres().port());
                var other = cluster.database().connect();
                var lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE flyway_schema_history");
            var process = ProductionProcess.launch(cluster.environment(Map.of(
                    "DB_PORT",
                    "" + wire.port(),
                    "QUARKUS_DATASOURCE_JDBC_ADDITIONAL_JDBC_PROPERTIES_SOCKETTIMEOUT",
                    "2")));
            awaitMigrationThatWaits();
            wire.cut();
            assertThat(process.exit(Duration.ofSeconds(30)).code()).isEqualTo(1);
        }
    }

    private static void awaitMigrationThatWaits() {
        await("a migration that waits for a lock")
                .atMost(Duration.ofSeconds(60))
                .until(() -> cluster.database().count("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1);
    }

    @FullRun
    @Test
    void aMigrationNeedsNoPorts() throws Exception {
        cluster.postgres().stop();
        try (var taken = new ServerSocket(0)) {
            var process = ProductionProcess.launch(
                    cluster.environment(Map.of("MIGRATE_ONLY", "true", "MANAGEMENT_PORT", "" + taken.getLocalPort())));
            awaitLine(process);
            cluster.postgres().start();
            assertThat(process.exit(Duration.ofSeconds(30)).code())
                    .as(process.log())
                    .isZero();
        } finally {
            cluster.postgres().start();
        }
    }

    @FullRun
    @Test
    void whileItWaitsItCanBeEnded() {
        cluster.postgres().stop();
        try {
            var process = ProductionProcess.launch(cluster.environment(Map.of()));
            awaitLine(process);
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

    @Test
    void aNameThatCannotBeResolvedIsNamed() {
        var process = ProductionProcess.launch(cluster.environment(Map.of("DB_HOST", "db.invalid")));
        await("the line that says what it waits for")
                .atMost(Duration.ofSeconds(20))
                .until(() -> process.log().contains("the name db.invalid cannot be resolved"));
        process.close();
    }

    @FullRun
    @Test
    void aPortThatIsTakenIsRefused() throws Exception {
        try (var server = new ServerSocket(0)) {
            var taken = "" + server.getLocalPort();
            for (var variable : List.of("PORT", "MANAGEMENT_PORT")) {
                ProductionProcess.runToItsEnd(cluster.environment(Map.of(variable, taken)))
                        .assertRefusal(": " + variable + ": " + taken + " is taken");
            }
        }
    }
}
