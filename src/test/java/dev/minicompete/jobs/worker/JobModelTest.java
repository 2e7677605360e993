package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.postgresql.PGConnection;

/**
 * Random interleavings of workers, maintenance and accidents, compared with {@link JobModel}. Each seed gives the same
 * interleaving again.
 */
@QuarkusTest
@TestInstance(Lifecycle.PER_CLASS)
class JobModelTest {

    private static final int STEPS = 40;

    /** Enough to find each fault many times. */
    private static final int SEEDS = 60;

    private static final Logger LOG = Logger.getLogger("dev.minicompete.jobs");

    private final TestDatabase database = TestServers.database();
    private Connection connection;
    private UUID organizer;
    private UUID competition;

    @Inject
    RedisDataSource redis;

    @Inject
    JobWorker worker;

    @BeforeAll
    void stopTheWorker() throws SQLException {
        worker.stop(new ShutdownEvent());
        database.truncate();
        organizer = database.createOrganizer();
        competition = database.createCompetition(organizer, Map.of());
        connection = database.connect();
        connection.unwrap(PGConnection.class).setPrepareThreshold(1);
        connection.createStatement().execute("""
                SET synchronous_commit = off;
                SET enable_seqscan = off;
                CREATE TABLE model_effects (job uuid);
                CREATE INDEX model_effects_by_job ON model_effects (job)""");
        // Nothing crashes PostgreSQL here, so no commit needs to wait for the disk.
        database.executeAsSuperuser("ALTER SYSTEM SET synchronous_commit = off");
        database.executeAsSuperuser("SELECT pg_reload_conf()");
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    void startTheWorker() throws SQLException {
        LOG.setLevel(null);
        database.executeAsSuperuser("ALTER SYSTEM RESET synchronous_commit");
        database.executeAsSuperuser("SELECT pg_reload_conf()");
        connection.createStatement().execute("DROP TABLE model_effects");
        connection.close();
        database.truncate();
        redis.flushall();
        worker.start(new StartupEvent());
    }

    @Test
    void everyJobHappensOnceAndNoneIsLostInDozensOfInterleavings() {
        assertThat(find(JobFault.NONE, 1, SEEDS)).isEmpty();
    }

    @Test
    @FullRun
    void everyJobHappensOnceAndNoneIsLostInThousandsOfInterleavings() {
        assertThat(find(JobFault.NONE, SEEDS + 1, 2_000)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void everyFaultIsFoundWithItsSeedAndSteps(JobFault fault) {
        assertThat(find(fault, 1, SEEDS))
                .hasValueSatisfying(finding ->
                        assertThat(finding).containsPattern("Seed \\d+, %s, after \\d+ steps".formatted(fault)));
    }

    /** Returns the first violation, with its seed and the fewest of the seed's first steps that show it. */
    private Optional<String> find(JobFault fault, long firstSeed, long lastSeed) {
        for (var seed = firstSeed; seed <= lastSeed; seed++) {
            var steps = JobSimulation.Step.random(seed, STEPS);
            var violation = run(seed, fault, steps);
            if (violation.isPresent()) {
                return Optional.of(describe(seed, fault, steps, violation.get()));
            }
        }
        return Optional.empty();
    }

    private String describe(long seed, JobFault fault, List<JobSimulation.Step> steps, String firstViolation) {
        var tooFew = -1;
        var enough = steps.size();
        var violation = firstViolation;
        while (enough - tooFew > 1) {
            var middle = (tooFew + enough) / 2;
            var found = run(seed, fault, steps.subList(0, middle));
            if (found.isPresent()) {
                enough = middle;
                violation = found.get();
            } else {
                tooFew = middle;
            }
        }
        return "Seed %d, %s, after %d steps and the healing: %s%n%s"
                .formatted(seed, fault, enough, violation, lines(steps.subList(0, enough)));
    }

    private static String lines(List<JobSimulation.Step> steps) {
        return steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    }

    private Optional<String> run(long seed, JobFault fault, List<JobSimulation.Step> steps) {
        return new JobSimulation(seed, fault, connection, organizer, competition).run(steps);
    }
}
