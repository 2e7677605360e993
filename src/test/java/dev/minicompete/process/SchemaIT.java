package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.TestDatabase;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The schema and the processes of several versions of it. */
class SchemaIT {

    private static final String VERSIONS =
            "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank";

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static Map<String, String> in(TestDatabase database, Map<String, String> variables) {
        var environment = cluster.environment(variables);
        environment.put("DB_NAME", database.name());
        return environment;
    }

    @Test
    void threeProcessesThatStartAtOnceMigrateOnce() {
        var database = cluster.database().empty();
        var processes = Stream.generate(() -> ProductionProcess.launch(in(database, Map.of())))
                .limit(3)
                .toList();
        try {
            processes.forEach(ProductionProcess::awaitStarted);
            assertThat(database.texts(VERSIONS)).doesNotHaveDuplicates().first().isEqualTo("1");
        } finally {
            processes.forEach(ProductionProcess::close);
        }
    }

    @Test
    void aProcessThatIsToMigrateOnlyDoesSoAndEnds() {
        var database = cluster.database().empty();
        var environment = in(database, Map.of("MIGRATE_ONLY", "true", "MIGRATE_AT_START", "false"));
        // Nothing here signs anything, works on anything or listens.
        environment.remove("JWT_PRIVATE_KEY_FILE");
        for (var run = 0; run < 2; run++) {
            var ended = ProductionProcess.runToItsEnd(environment);
            assertThat(ended.code()).as(ended.output()).isZero();
            assertThat(ended.output()).doesNotContain("Listening", "ERROR", "Exception");
        }
        assertThat(database.texts(VERSIONS)).doesNotHaveDuplicates().first().isEqualTo("1");
        assertThat(database.count("SELECT count(*) FROM registrations")).isZero();
    }

    @Test
    void whoDoesNotMigrateRefusesASchemaThatIsOlder() {
        var environment = in(cluster.database().empty(), Map.of("MIGRATE_AT_START", "false"));
        ProductionProcess.runToItsEnd(environment).assertRefusal("the schema of DB_NAME does not fit this version");
    }

    @FullRun
    @Test
    void whoDoesNotMigrateStartsOnASchemaThatFits() {
        var process = ProductionProcess.start(in(cluster.database().scratch(), Map.of("MIGRATE_AT_START", "false")));
        process.close();
    }

    @FullRun
    @Test
    void aSchemaThatWasMadeFromAnotherFileIsRefused() {
        var database = cluster.database().scratch();
        database.execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");
        for (var migrates : new String[] {"true", "false"}) {
            ProductionProcess.runToItsEnd(in(database, Map.of("MIGRATE_AT_START", migrates)))
                    .assertRefusal("Migration checksum mismatch for migration version 1");
        }
    }

    @FullRun
    @Test
    void aSchemaThatStuckHalfWayIsRefused() {
        var database = cluster.database().scratch();
        database.execute("UPDATE flyway_schema_history SET success = false WHERE version = '1'");
        ProductionProcess.runToItsEnd(in(database, Map.of())).assertRefusal("Detected failed migration to version 1");
    }

    /** As while an upgrade rolls: a newer process has migrated, this one still works and is even started again. */
    @Test
    @FullRun
    void aProcessWorksOnASchemaThatIsNewer() {
        var competition = cluster.database().createCompetition(3);
        var running = cluster.start(Cluster.SHORT_LIMITS);
        assertThat(cluster.register(running, competition).status()).isEqualTo(201);

        cluster.database()
                .migrateFurther(
                        "CREATE TABLE teams (id uuid PRIMARY KEY)",
                        """
                        ALTER TABLE registrations ADD COLUMN team text;
                        CREATE INDEX registrations_by_team ON registrations (team);
                        """,
                        "ALTER TABLE outbox ADD COLUMN priority int NOT NULL DEFAULT 0",
                        "ALTER TABLE mailbox ADD COLUMN locale text NOT NULL DEFAULT 'en'");

        assertThat(cluster.register(running, competition).status()).isEqualTo(201);
        for (var migrates : new String[] {"true", "false"}) {
            var restarted = cluster.start(Map.of("MIGRATE_AT_START", migrates, "JOBS_RELAY_GRACE", "PT1S"));
            assertThat(Http.get(restarted.api().resolve("/api/competitions/" + competition))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(cluster.register(running, competition).status()).isEqualTo(201);
        cluster.assertDrainedAndSound(competition);
    }
}
