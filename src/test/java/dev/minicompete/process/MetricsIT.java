package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.FullRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees of the jobs on the management port. */
class MetricsIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    /** A counter in an alert's expression, with the label that selects its series. */
    private static final Pattern COUNTER = Pattern.compile("(\\w+_total)(?:\\{(\\w+)=~?\"([^\"]+)\"})?");

    @Test
    void countersThatAlertsUseExistFromTheStart() throws Exception {
        var alerts = Files.readString(Path.of("docker", "observability", "alerts.yml"));
        var series = COUNTER.matcher(alerts)
                .results()
                .flatMap(use -> use.group(2) == null
                        ? Stream.of(use.group(1) + " 0.0")
                        : Stream.of(use.group(3).split("\\|"))
                                .map(value -> "%s{%s=\"%s\"} 0.0".formatted(use.group(1), use.group(2), value)))
                .distinct()
                .toList();
        assertThat(series).contains("logins_total{outcome=\"failed\"} 0.0").hasSizeGreaterThanOrEqualTo(3);
        var process = cluster.start(Map.of());
        assertThat(process.management("/q/metrics").body().lines()).containsAll(series);
    }

    @Test
    @FullRun
    void metricsTellWhatBecameOfJobs() {
        var process = cluster.start(
                Map.of("JOBS_GAUGE_INTERVAL", "PT0.2S", "JOBS_RELAY_GRACE", "PT1S", "JOB_BACKOFF_BASE", "PT0.1S"));
        var competition = cluster.database().createCompetition(10);
        assertThat(cluster.register(process, competition).status()).isEqualTo(201);
        cluster.database()
                .execute("INSERT INTO outbox (id, kind) VALUES (?, 'no:such')", UuidCreator.getTimeOrderedEpoch());
        cluster.database()
                .execute(
                        "INSERT INTO outbox (id, kind, run_at, created_at)"
                                + " VALUES (?, 'no:such', now() + interval '1 hour', now() - interval '1 hour')",
                        UuidCreator.getTimeOrderedEpoch());

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(process.management("/q/metrics").body().lines())
                                .contains(
                                        "jobs_done_total{kind=\"registration:confirmation\"} 1.0",
                                        "jobs_dead_letters 1.0",
                                        "jobs_queue_depth{state=\"dead\"} 1.0",
                                        "jobs_queue_depth{state=\"delayed\"} 1.0",
                                        "jobs_queue_depth{state=\"ready\"} 0.0",
                                        "jobs_queue_depth{state=\"running\"} 0.0")
                                .anyMatch(line -> line.startsWith("jobs_oldest_age_seconds 36")));
        assertThat(process.management("/q/health/ready").body()).contains("\"job worker\"");
        assertThat(process.management("/q/health/live").status()).isEqualTo(200);
    }
}
