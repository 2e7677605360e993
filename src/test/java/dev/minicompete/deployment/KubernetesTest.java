package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests are whole, and agree with each other and with the application. */
class KubernetesTest {

    private static final String BASE = "kubernetes/base/";

    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");

    /** SIGTERM to the end, by the contract. */
    private static final int ORDERLY_END_SECONDS = 15;

    static List<Path> files() {
        return Yaml.files();
    }

    private static Yaml pod(String name) {
        return Yaml.read(BASE + name + ".yaml").get(0).at("spec", "template", "spec");
    }

    private static Yaml container(String name) {
        return pod(name).at("containers").items().findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsYaml(Path file) {
        assertThat(Yaml.read(file))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(document.value()).isInstanceOf(Map.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "keda", "example"})
    void everyFileIsNamedByItsKustomization(String directory) throws IOException {
        var path = Yaml.DOCKER.resolve("kubernetes").resolve(directory);
        var named = Yaml.read(path.resolve("kustomization.yaml"))
                .get(0)
                .at("resources")
                .items()
                .map(Yaml::text)
                .filter(name -> name.endsWith(".yaml"));
        try (var files = Files.list(path)) {
            assertThat(named)
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".yaml") && !name.equals("kustomization.yaml"))
                                    .toList());
        }
    }

    @Test
    void everyVariableIsAnInterface() throws Exception {
        var used = Stream.of("api", "worker", "migrate")
                .flatMap(name -> container(name).at("env").items())
                .map(variable -> variable.at("name").text());
        var configured = Stream.of("base", "example")
                .map(directory -> Yaml.read("kubernetes/" + directory + "/kustomization.yaml")
                        .get(0))
                .flatMap(kustomization -> kustomization.at("configMapGenerator").items())
                .flatMap(map -> map.at("literals").items())
                .map(literal -> literal.text().split("=")[0]);
        assertThat(Stream.concat(used, configured).collect(Collectors.toSet()))
                .contains("DB_PASSWORD", "REDIS_URL", "JWT_PRIVATE_KEY_FILE", "TRUSTED_PROXIES")
                .isSubsetOf(EnvironmentVariables.documented());
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker", "migrate"})
    void podsHaveNoPrivileges(String name) {
        assertThat(pod(name).at("securityContext", "runAsNonRoot").value()).isEqualTo(true);
        assertThat(pod(name).at("securityContext", "runAsUser").number()).isEqualTo(10001);
        assertThat(pod(name).at("securityContext", "seccompProfile", "type").text())
                .isEqualTo("RuntimeDefault");
        assertThat(pod(name).at("automountServiceAccountToken").value()).isEqualTo(false);
        var security = container(name).at("securityContext");
        assertThat(security.at("readOnlyRootFilesystem").value()).isEqualTo(true);
        assertThat(security.at("allowPrivilegeEscalation").value()).isEqualTo(false);
        assertThat(security.at("capabilities", "drop").items().map(Yaml::text)).containsExactly("ALL");
        assertThat(container(name).at("resources", "limits", "memory").text()).isEqualTo("512Mi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void healthIsAskedForOnTheManagementPort(String name) {
        for (var probe : PROBES) {
            var request = container(name).at(probe, "httpGet");
            assertThat(request.at("port").text()).isEqualTo("management");
            assertThat(request.at("path").text())
                    .isEqualTo(probe.equals("readinessProbe") ? "/q/health/ready" : "/q/health/live");
        }
        assertThat(container(name)
                        .at("ports")
                        .items()
                        .filter(port -> port.at("name").text().equals("management"))
                        .map(port -> port.at("containerPort").number()))
                .containsExactly(9000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void thereIsTimeForAnOrderlyEnd(String name) {
        var wait =
                container(name).at("lifecycle", "preStop", "sleep", "seconds").number();
        assertThat(pod(name).at("terminationGracePeriodSeconds").number())
                .isGreaterThanOrEqualTo(wait + ORDERLY_END_SECONDS);
    }

    @Test
    void onlyTheJobMigrates() {
        var config = Yaml.read(BASE + "kustomization.yaml")
                .get(0)
                .at("configMapGenerator")
                .items()
                .flatMap(map -> map.at("literals").items())
                .map(Yaml::text);
        assertThat(config).contains("MIGRATE_AT_START=false");
        assertThat(variables("migrate")).contains("MIGRATE_ONLY=true", "MIGRATE_AT_START=true");
        assertThat(variables("api")).contains("WORKER_ENABLED=false", "SCHEDULER_ENABLED=false");
        assertThat(variables("worker")).contains("WORKER_ENABLED=true", "SCHEDULER_ENABLED=true");
    }

    private static Set<String> variables(String name) {
        return container(name)
                .at("env")
                .items()
                .map(variable ->
                        variable.at("name").text() + "=" + variable.at("value").text())
                .collect(Collectors.toSet());
    }

    @Test
    void whateverRefersToTheDeploymentsNamesOnesThatAre() {
        var deployments = Stream.of("api", "worker")
                .map(name -> Yaml.read(BASE + name + ".yaml")
                        .get(0)
                        .at("metadata", "name")
                        .text())
                .toList();
        assertThat(Stream.concat(
                                Yaml.read(BASE + "autoscaling.yaml").stream(),
                                Yaml.read("kubernetes/keda/worker.yaml").stream())
                        .map(scaler ->
                                scaler.at("spec", "scaleTargetRef", "name").text()))
                .contains(deployments.toArray(String[]::new))
                .isSubsetOf(deployments);
        assertThat(Yaml.read(BASE + "disruption.yaml"))
                .extracting(budget -> budget.at("metadata", "name").text())
                .containsExactlyElementsOf(deployments);
    }
}
