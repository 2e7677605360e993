package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of all workers one finds lost jobs; another one does when it dies or freezes. */
class MaintenanceLeaderIT {

    private static final Duration TAKEN_OVER = Duration.ofSeconds(10);

    /** Of two that search, each would be the first to find some. */
    private static final int TIMES = 8;

    private static final Pattern PUSHED = Pattern.compile("Pushed \\d+ lost jobs");

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private List<ProductionProcess> processes;

    /** A job that has failed once stays in the outbox for long. */
    @BeforeEach
    void start() {
        cluster.database().execute("DELETE FROM outbox");
        processes = cluster.start(
                2,
                Map.of(
                        "JOBS_RELAY_GRACE", "PT1S",
                        "JOBS_MAINTENANCE_INTERVAL", "PT0.2S",
                        "JOB_BACKOFF_BASE", "PT1H",
                        "JOB_BACKOFF_MAX", "PT1H"));
    }

    @Test
    @FullRun
    void anotherWorkerFindsLostJobsAfterTheLeaderWasKilled() {
        assertAnotherTakesOver(ProductionProcess::kill);
    }

    @FullRun
    @Test
    void anotherWorkerFindsLostJobsWhileTheLeaderIsFrozen() {
        assertAnotherTakesOver(ProductionProcess::freeze);
    }

    private void assertAnotherTakesOver(Consumer<ProductionProcess> end) {
        var leader = leader();
        for (var time = 0; time < TIMES; time++) {
            loseJobs(30);
            await("lost jobs are found").until(() -> untried() == 0);
        }
        assertThat(processes.stream().filter(process -> pushed(process) > 0)).containsExactly(leader);

        end.accept(leader);
        loseJobs(1);

        await("lost jobs are found again").atMost(TAKEN_OVER).until(() -> untried() == 0);
        assertThat(leader()).isNotEqualTo(leader);
    }

    /** A process of the test before may lead until its lease is over. */
    private ProductionProcess leader() {
        try (var redis = cluster.commands()) {
            return await("a leader")
                    .until(() -> find((String) redis.run("GET", "{jobs}:leader")), Optional::isPresent)
                    .orElseThrow();
        }
    }

    private Optional<ProductionProcess> find(String loop) {
        return processes.stream()
                .filter(process -> loop != null && loop.startsWith(process.pid() + "-"))
                .findFirst();
    }

    private static void loseJobs(int count) {
        cluster.database()
                .execute(
                        "INSERT INTO outbox (id, kind, run_at) SELECT uuid_v7(), 'no:such', now() - interval '1 minute'"
                                + " FROM generate_series(1, ?)",
                        count);
    }

    private static long untried() {
        return cluster.database().count("SELECT count(*) FROM outbox WHERE attempts = 0");
    }

    private static long pushed(ProductionProcess process) {
        return PUSHED.matcher(process.log()).results().count();
    }
}
