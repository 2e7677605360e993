package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.uuid.UuidCreator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the dashboard, the alerts and the README speak of is there, and means what they say. */
class ObservabilityIT {

    private static final Path FILES = Path.of("docker", "observability");

    /** What is no metric in a query: functions are told by their bracket. */
    private static final Set<String> WORDS = Set.of("by", "and", "or", "unless", "on", "up");

    private static final Pattern NAME = Pattern.compile("(?<![\\w.])[a-zA-Z_]\\w*(?!\\w|\\s*\\()");

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void doALittleOfEverything() {
        process = cluster.start(
                Map.of("JOBS_GAUGE_INTERVAL", "PT0.2S", "JOBS_RELAY_GRACE", "PT1S", "JOB_MAX_ATTEMPTS", "1"));
        var competition = cluster.database().createCompetition(1);
        var token = cluster.tokens().participant(cluster.database().createParticipant());
        Stream.of("one", "one", "two").forEach(key -> Http.register(process.api(), competition, token, key));
        cluster.register(process, competition);
        Stream.of("wrong password", "pass123")
                .forEach(password -> Http.post(
                        process.api().resolve("/api/auth/login"),
                        "{\"email\":\"%s\",\"password\":\"%s\"}"
                                .formatted(cluster.database().text("SELECT min(email) FROM users"), password)));
        cluster.database()
                .execute("INSERT INTO outbox (id, kind) VALUES (?, 'no:such')", UuidCreator.getTimeOrderedEpoch());
        // Nobody's mail: PostgreSQL refuses it.
        cluster.database()
                .execute("INSERT INTO outbox (id, kind, registration_id)"
                        + " SELECT uuid_v7(), 'registration:confirmation', id FROM registrations");
        try (var redis = cluster.commands()) {
            redis.run("LPUSH", "{jobs}:ready", "nonsense");
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> value("jobs_dead_letters") == 3
                        && value("jobs_done_total{kind=\"registration:confirmation\"}") == 1);
    }

    private static List<String> samples() {
        return process.management("/q/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static Set<String> exposed() {
        return samples().stream().map(line -> line.split("[{ ]")[0]).collect(Collectors.toSet());
    }

    /** The value of a sample, or -1 when there is none. */
    private static double value(String sample) {
        return samples().stream()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registrations_total{outcome=\"confirmed\"}",
                "registrations_total{outcome=\"already_registered\"}",
                "registrations_total{outcome=\"full\"}",
                "idempotency_keys_total{outcome=\"replayed\"}",
                "logins_total{outcome=\"failed\"}",
                "logins_total{outcome=\"succeeded\"}",
                "jobs_done_total{kind=\"registration:confirmation\"}"
            })
    void eachIsCountedOnce(String sample) {
        assertThat(value(sample)).isEqualTo(1);
    }

    @Test
    void keysThatAreNewAreCounted() {
        assertThat(value("idempotency_keys_total{outcome=\"claimed\"}")).isEqualTo(3);
    }

    @Test
    void alertsAskForMetricsThatAre() throws Exception {
        var queries = Pattern.compile("expr: (?:>-\\s+)?(.*?)\\n\\s+(?:for|labels):", Pattern.DOTALL)
                .matcher(Files.readString(FILES.resolve("alerts.yml")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(queries).hasSizeGreaterThan(8);
        assertThat(metrics(queries)).isNotEmpty().isSubsetOf(exposed());
    }

    @Test
    void theDashboardAsksForMetricsThatAre() throws Exception {
        var dashboard = new ObjectMapper()
                .readTree(FILES.resolve("grafana/dashboards/mini-compete.json").toFile());
        var queries = dashboard.findValuesAsText("expr");
        assertThat(queries).hasSizeGreaterThan(15);
        assertThat(metrics(queries)).isSubsetOf(exposed());
    }

    @Test
    void theReadmeTellsOfMetricsThatAre() throws Exception {
        var table = Pattern.compile("^\\| `([a-z_]+)[`{]", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docker", "README.md"))
                        .split("## Metrics")[1]
                        .split("\n## ")[0])
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(table).contains("registrations_total", "jobs_queue_depth").isSubsetOf(exposed());
    }

    @Test
    void strangersCannotMakeTheMetricsGrow() {
        var before = requestSeries();
        for (var i = 0; i < 30; i++) {
            Http.get(process.api().resolve("/nowhere/" + i));
            Http.get(process.api().resolve("/api/competitions/" + i));
            Http.ask(process.api().resolve("/api/competitions"), "METHOD" + i);
        }
        assertThat(requestSeries()).isLessThanOrEqualTo(before + 3);
        assertThat(exposed()).contains("http_server_requests_seconds_bucket");
    }

    private static long requestSeries() {
        return samples().stream()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .count();
    }

    private static Set<String> metrics(List<String> queries) {
        return queries.stream()
                .map(query -> query.replaceAll("\"[^\"]*\"", "")
                        .replaceAll("\\{[^}]*}", "")
                        .replaceAll("\\[[^]]*]", "")
                        .replaceAll("\\bby \\([^)]*\\)", ""))
                .flatMap(query -> NAME.matcher(query).results().map(match -> match.group()))
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toSet());
    }
}
