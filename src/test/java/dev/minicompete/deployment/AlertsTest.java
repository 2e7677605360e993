package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus misses processes that are not there. What the rules say of given series is held by {@code promtool}, in .ci/containers. */
class AlertsTest {

    private final Map<String, String> expressions = Yaml.read("observability/alerts.yml")
            .get(0)
            .at("groups")
            .items()
            .flatMap(group -> group.at("rules").items())
            .collect(Collectors.toMap(
                    rule -> rule.at("alert").text(), rule -> rule.at("expr").text()));

    /** One that is gone has no series any more, so that none of its values can be compared with anything. */
    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void processesAreMissedByTheirAbsenceAndByTheirNumber(String service) {
        var up = "up{job=\"mini-compete\",service=\"" + service + "\"}";
        var replicas = Yaml.read("compose.yaml")
                .get(0)
                .at("services", service, "deploy", "replicas")
                .defaultOf(service.equals("api") ? "API" : "WORKERS");
        assertThat(expressions.get("MiniCompeteGone")).contains("absent(" + up + ")");
        assertThat(expressions.get("MiniCompeteProcessesMissing"))
                .contains("count by (service) (" + up + " == 1) < " + replicas);
    }

    @Test
    void processesAreToldApartByTheirName() {
        var scraped = Yaml.read("observability/prometheus.yml")
                .get(0)
                .at("scrape_configs")
                .items()
                .findFirst()
                .orElseThrow();
        assertThat(scraped.at("job_name").text()).isEqualTo("mini-compete");
        assertThat(scraped.at("dns_sd_configs")
                        .items()
                        .flatMap(names -> names.at("names").items())
                        .map(Yaml::text))
                .containsExactly("api", "worker");
        assertThat(scraped.at("relabel_configs").items().map(Yaml::value))
                .containsExactly(Map.of("source_labels", List.of("__meta_dns_name"), "target_label", "service"));
    }
}
