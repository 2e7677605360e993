package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples that the README shows work as written, against the production package. */
class CurlTourIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void start() {
        process = cluster.start(Map.of());
    }

    private record Tour(int exit, String output) {}

    private static Tour tour(String base) throws Exception {
        var script = Path.of("src", "test", "sh", "curl-tour.sh").toString();
        var bash = new ProcessBuilder("bash", script, base)
                .redirectErrorStream(true)
                .start();
        var output = new String(bash.getInputStream().readAllBytes());
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Tour(bash.exitValue(), output);
    }

    @Test
    void theTourWorksAndCanBeRepeated() throws Exception {
        for (var round = 1; round <= 2; round++) {
            var tour = tour(process.api().toString());
            assertThat(tour.exit).as(tour.output).isZero();
            assertThat(tour.output)
                    .contains("\"tokenType\":\"Bearer\"", "\"capacity\":50", "\"seatsLeft\":50")
                    .contains("\"status\":\"confirmed\"", "\"kind\":\"confirmation\"", "\"unread\":1");
            assertThat(cluster.database().count("SELECT count(*) FROM registrations"))
                    .isEqualTo(round);
        }
        cluster.assertDrainedAndSound();
    }

    @Test
    void theTourFailsWhereNobodyAnswers() throws Exception {
        assertThat(tour("http://127.0.0.1:1").exit).isNotZero();
    }

    @Test
    void thePackageIsHealthyAndSaysNothingOfItsOwnAccord() {
        assertThat(process.management("/q/health/live").status()).isEqualTo(200);
        assertThat(process.management("/q/metrics").body()).contains("jobs_queue_depth");
        assertThat(process.log()).doesNotContain("WARN", "ERROR");
    }
}
