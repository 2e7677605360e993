package dev.minicompete.deployment;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests are whole, and agree with each other and with the application. */
class KubernetesTest {

    private static final String KUBERNETES = "kubernetes/";

    private static final String BASE = KUBERNETES + "base/";

    /** The files of the Deployments. */
    private static final List<String> DEPLOYMENTS = List.of("api", "worker");

    private static final List<String> PROBES = List.of("startupProbe", "livenessProbe", "readinessProbe");

    /** SIGTERM to the end, by the contract. */
    private static final int ORDERLY_END_SECONDS = 15;

    /** Connections that PostgreSQL keeps for superusers (3), and those of its operator. */
    private static final int RESERVED_CONNECTIONS = 10;

    static List<Path> files() {
        return Yaml.files();
    }

    /** Every object in the manifests. */
    private static Stream<Yaml> objects() {
        return Yaml.files().stream()
                .filter(file -> file.startsWith(Yaml.DOCKER.resolve(KUBERNETES)))
                .flatMap(file -> Yaml.read(file).stream());
    }

    private static Stream<Yaml> objects(String kind) {
        return objects().filter(object -> kind.equals(object.at("kind").text()));
    }

    private static Yaml deployment(String name) {
        return Yaml.read(BASE + name + ".yaml").get(0);
    }

    private static Yaml template(String name) {
        return deployment(name).at("spec", "template");
    }

    private static Yaml pod(String name) {
        return template(name).at("spec");
    }

    private static Map<?, ?> labels(String name) {
        return (Map<?, ?>) template(name).at("metadata", "labels").value();
    }

    private static Yaml container(String name) {
        return pod(name)
                .at(name.equals("migrate") ? "initContainers" : "containers")
                .items()
                .findFirst()
                .orElseThrow();
    }

    private static Yaml kustomization(String directory) {
        return Yaml.read(KUBERNETES + directory + "/kustomization.yaml").get(0);
    }

    private static Yaml autoscaler(String deployment) {
        return objects("HorizontalPodAutoscaler")
                .filter(scaler ->
                        scaler.at("spec", "scaleTargetRef", "name").value().equals("mini-compete-" + deployment))
                .findFirst()
                .orElseThrow();
    }

    private static Yaml scaledObject() {
        return objects("ScaledObject").findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsYaml(Path file) {
        assertThat(Yaml.read(file))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(document.value()).isInstanceOf(Map.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "keda", "prometheus-operator", "example"})
    void everyFileIsNamedByItsKustomization(String directory) throws IOException {
        var kustomization = kustomization(directory);
        var named = Stream.concat(
                        kustomization.at("resources").items(),
                        kustomization.at("patches").items().map(patch -> patch.at("path")))
                .filter(name -> name.value() != null && name.text().endsWith(".yaml"))
                .map(Yaml::text);
        try (var files = Files.list(Yaml.DOCKER.resolve(KUBERNETES).resolve(directory))) {
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
                .flatMap(KubernetesTest::configuration)
                .map(literal -> literal.split("=")[0]);
        assertThat(Stream.concat(used, configured).collect(toSet()))
                .contains("DB_PASSWORD", "REDIS_URL", "JWT_PRIVATE_KEY_FILE", "TRUSTED_PROXIES")
                .isSubsetOf(EnvironmentVariables.named());
    }

    private static Stream<String> configuration(String directory) {
        return kustomization(directory)
                .at("configMapGenerator")
                .items()
                .flatMap(map -> map.at("literals").items())
                .map(Yaml::text);
    }

    /** The example makes two of the secrets, CloudNativePG the third. */
    @Test
    void secretsHaveTheKeysThatPodsReferTo() {
        var generated = kustomization("example")
                .at("secretGenerator")
                .items()
                .flatMap(secret -> Stream.concat(
                                secret.at("files").items(),
                                secret.at("literals").items())
                        .map(key -> secret.at("name").text() + " " + key.text().split("=")[0]));
        var cluster = objects("Cluster").findFirst().orElseThrow().at("metadata", "name");
        var byOperator =
                Stream.of("host", "port", "dbname", "username", "password").map(key -> cluster.text() + "-app " + key);
        var asked = Stream.of("api", "worker", "migrate")
                .flatMap(name -> container(name).at("env").items())
                .map(variable -> variable.at("valueFrom", "secretKeyRef"))
                .filter(reference -> reference.value() != null)
                .map(reference ->
                        reference.at("name").text() + " " + reference.at("key").text());
        var key = configuration("base")
                .filter(literal -> literal.startsWith("JWT_PRIVATE_KEY_FILE="))
                .map(literal -> literal.substring(literal.lastIndexOf('/') + 1))
                .findFirst()
                .orElseThrow();
        var mounted = DEPLOYMENTS.stream()
                .flatMap(name -> pod(name).at("volumes").items())
                .filter(volume -> volume.at("secret").value() != null)
                .map(volume -> volume.at("secret", "secretName").text() + " " + key);
        assertThat(Stream.concat(asked, mounted).collect(toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(generated, byOperator).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void podsHaveNoPrivileges(String name) {
        assertThat(pod(name).at("securityContext", "runAsNonRoot").value()).isEqualTo(true);
        assertThat(pod(name).at("securityContext", "runAsUser").number()).isEqualTo(10001);
        assertThat(pod(name).at("securityContext", "seccompProfile", "type").text())
                .isEqualTo("RuntimeDefault");
        assertThat(pod(name).at("automountServiceAccountToken").value()).isEqualTo(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker", "migrate"})
    void containersHaveNoPrivileges(String name) {
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
        var sleep = container(name).at("lifecycle", "preStop", "sleep", "seconds");
        assertThat(pod(name).at("terminationGracePeriodSeconds").number())
                .isGreaterThanOrEqualTo((sleep.value() == null ? 0 : sleep.number()) + ORDERLY_END_SECONDS);
    }

    /** The API serves on until every proxy knows that the pod ends. */
    @Test
    void preStopSleepNeedsKubernetes130() throws Exception {
        assertThat(container("api")
                        .at("lifecycle", "preStop", "sleep", "seconds")
                        .number())
                .isPositive();
        for (var told : List.of("README.md", BASE + "kustomization.yaml")) {
            assertThat(Files.readString(Yaml.DOCKER.resolve(told))).contains("Kubernetes 1.30");
        }
    }

    /** An init container has no probes that could end a migration. */
    @Test
    void everyPodMigratesInAnInitContainer() {
        assertThat(kustomization("base").at("patches").items()).singleElement().satisfies(patch -> {
            assertThat(patch.at("path").text()).isEqualTo("migrate.yaml");
            assertThat(patch.at("target").value()).isEqualTo(Map.of("kind", "Deployment"));
        });
        assertThat(configuration("base")).contains("MIGRATE_AT_START=false");
        assertThat(variables("migrate")).contains("MIGRATE_ONLY=true");
        assertThat(container("migrate").at("envFrom"))
                .isEqualTo(container("api").at("envFrom"));
    }

    /** A Job is immutable, so the next apply fails; a PreSync hook runs before the sync has made what it needs. */
    @Test
    void thereIsNoJobAndNoArgoHook() {
        assertThat(objects("Job")).isEmpty();
        assertThat(objects()
                        .flatMap(object -> object.at("metadata", "annotations").names()))
                .noneMatch(annotation -> annotation.contains("argocd"));
    }

    @Test
    void eachRoleHasItsVariables() {
        assertThat(variables("api")).contains("WORKER_ENABLED=false", "SCHEDULER_ENABLED=false");
        assertThat(variables("worker")).contains("WORKER_ENABLED=true", "SCHEDULER_ENABLED=true");
    }

    private static Set<String> variables(String name) {
        return container(name)
                .at("env")
                .items()
                .map(variable ->
                        variable.at("name").text() + "=" + variable.at("value").text())
                .collect(toSet());
    }

    /** Each apply would reset the number that the autoscaler has chosen. */
    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void onlyTheAutoscalerSetsTheNumberOfPods(String name) {
        assertThat(deployment(name).at("spec").names()).contains("template").doesNotContain("replicas");
        assertThat(autoscaler(name).at("spec", "minReplicas").number())
                .as("a drain leaves pods")
                .isGreaterThan(objects("PodDisruptionBudget")
                        .filter(budget -> budget.at("metadata", "name").text().equals("mini-compete-" + name))
                        .map(budget -> budget.at("spec", "maxUnavailable").number())
                        .findFirst()
                        .orElseThrow());
    }

    /** An upgrade adds the surge. Migrations add nothing: a pod migrates before its process starts. */
    @Test
    void postgresHasConnectionsForAllPods() throws Exception {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(file);
        }
        var each = Stream.of("reactive", "jdbc")
                .mapToInt(pool -> Integer.parseInt(properties.getProperty("quarkus.datasource." + pool + ".max-size")))
                .sum();
        var pods = DEPLOYMENTS.stream()
                .mapToInt(name -> autoscaler(name).at("spec", "maxReplicas").number()
                        + deployment(name)
                                .at("spec", "strategy", "rollingUpdate", "maxSurge")
                                .number())
                .sum();
        var parameters = objects("Cluster").findFirst().orElseThrow().at("spec", "postgresql", "parameters");
        assertThat(Integer.parseInt(parameters.at("max_connections").text()))
                .isGreaterThanOrEqualTo(pods * each + RESERVED_CONNECTIONS);
        for (var told : List.of("README.md", BASE + "autoscaling.yaml")) {
            assertThat(Files.readString(Yaml.DOCKER.resolve(told)))
                    .contains("%d × %d = %d".formatted(pods, each, pods * each));
        }
    }

    @Test
    void kedaReplacesTheAutoscaler() {
        var autoscaler = autoscaler("worker");
        var scaled = scaledObject();
        assertThat(scaled.at("spec", "minReplicaCount")).isEqualTo(autoscaler.at("spec", "minReplicas"));
        assertThat(scaled.at("spec", "maxReplicaCount")).isEqualTo(autoscaler.at("spec", "maxReplicas"));
        assertThat(scaled.at("spec", "advanced", "horizontalPodAutoscalerConfig", "name"))
                .isEqualTo(autoscaler.at("metadata", "name"));
        assertThat(scaled.at("metadata", "annotations", "scaledobject.keda.sh/transfer-hpa-ownership")
                        .text())
                .isEqualTo("true");
        assertThat(kustomization("keda").at("patches").items()).singleElement().satisfies(patch -> {
            assertThat(patch.at("target", "name")).isEqualTo(autoscaler.at("metadata", "name"));
            assertThat(patch.at("patch").text()).contains("$patch: delete");
        });
    }

    /** KEDA asks the Prometheus Operator's Prometheus, which does not read annotations. */
    @Test
    void podMonitorFitsThePodsAndTheAlerts() throws Exception {
        assertThat(kustomization("keda").at("components").items().map(Yaml::text))
                .contains("../prometheus-operator");
        assertThat(scaledObject().at("spec", "triggers").items())
                .singleElement()
                .satisfies(trigger -> {
                    assertThat(trigger.at("metadata", "serverAddress").text()).contains("prometheus-operated");
                    assertThat(trigger.at("metadata", "ignoreNullValues").text())
                            .as("an unmeasured queue is not empty")
                            .isEqualTo("false");
                });
        var monitor = objects("PodMonitor").findFirst().orElseThrow().at("spec");
        var endpoint = monitor.at("podMetricsEndpoints").items().findFirst().orElseThrow();
        for (var name : DEPLOYMENTS) {
            var annotations = template(name).at("metadata", "annotations");
            assertThat(endpoint.at("path")).isEqualTo(annotations.at("prometheus.io/path"));
            assertThat(container(name)
                            .at("ports")
                            .items()
                            .filter(port -> port.at("name").equals(endpoint.at("port")))
                            .map(port -> port.at("containerPort").text()))
                    .containsExactly(annotations.at("prometheus.io/port").text());
            assertThat(Files.readString(Yaml.DOCKER.resolve("observability/alerts.yml")))
                    .contains("job=\"%s\""
                            .formatted(labels(name).get(monitor.at("jobLabel").text())));
        }
    }

    /** Prometheus names a pod's label after it, with _ for what is no letter. */
    @Test
    void theAlertsCountApiAndWorkerApart() throws Exception {
        var alerts = Files.readString(Yaml.DOCKER.resolve("observability/alerts.yml"));
        var endpoint = objects("PodMonitor")
                .findFirst()
                .orElseThrow()
                .at("spec", "podMetricsEndpoints")
                .items()
                .findFirst()
                .orElseThrow();
        var relabeling = endpoint.at("relabelings").items().findFirst().orElseThrow();
        assertThat(relabeling.at("targetLabel").text()).isEqualTo("service");
        assertThat(relabeling.at("sourceLabels").items().map(Yaml::text))
                .containsExactly("__meta_kubernetes_pod_label_app_kubernetes_io_component");
        for (var name : DEPLOYMENTS) {
            assertThat(alerts).contains("service=\"%s\"".formatted(labels(name).get("app.kubernetes.io/component")));
        }
    }

    /** A pod that reaches the port directly can forge X-Forwarded-For. */
    @Test
    void onlyTheIngressControllerReachesPort3000() {
        assertThat(configuration("example")).anyMatch(literal -> literal.startsWith("TRUSTED_PROXIES="));
        assertThat(peers("3000")).hasSize(1).allSatisfy(peer -> {
            assertThat(peer.at("namespaceSelector", "matchLabels").names()).isNotEmpty();
            assertThat(peer.at("podSelector", "matchLabels").names()).isNotEmpty();
        });
    }

    @Test
    void onlyMonitoringReachesPort9000() {
        assertThat(peers("9000"))
                .hasSize(1)
                .allSatisfy(peer -> assertThat(
                                peer.at("namespaceSelector", "matchLabels").names())
                        .isNotEmpty());
    }

    /** The peers that may reach a port. A rule without ports opens all of them, one without peers admits everybody. */
    private static List<Yaml> peers(String port) {
        assertThat(objects("NetworkPolicy")).as("denies what no policy allows").anySatisfy(policy -> {
            assertThat(policy.at("spec", "podSelector", "matchLabels").value())
                    .isEqualTo(Map.of("app.kubernetes.io/name", "mini-compete"));
            assertThat(policy.at("spec", "policyTypes").items().map(Yaml::text)).contains("Ingress", "Egress");
        });
        return objects("NetworkPolicy")
                .flatMap(policy -> policy.at("spec", "ingress").items())
                .filter(rule -> rule.at("ports").value() == null
                        || rule.at("ports")
                                .items()
                                .anyMatch(named -> port.equals(named.at("port").text())))
                .flatMap(rule -> rule.at("from").value() == null
                        ? Stream.of(new Yaml(Map.of()))
                        : rule.at("from").items())
                .toList();
    }

    @Test
    void selectorsFitThePods() {
        for (var name : DEPLOYMENTS) {
            var own = Stream.concat(
                    Stream.of(deployment(name).at("spec", "selector", "matchLabels")),
                    pod(name)
                            .at("topologySpreadConstraints")
                            .items()
                            .map(constraint -> constraint.at("labelSelector", "matchLabels")));
            assertThat(own)
                    .hasSize(3)
                    .allSatisfy(selector -> assertThat(selector.value()).isEqualTo(labels(name)));
            assertThat(objects("PodDisruptionBudget")
                            .map(budget ->
                                    budget.at("spec", "selector", "matchLabels").value()))
                    .contains(labels(name));
        }
        assertThat(objects("Service")
                        .map(service -> service.at("spec", "selector").value()))
                .singleElement()
                .isEqualTo(labels("api"));
        assertThat(Stream.concat(
                        objects("NetworkPolicy").map(policy -> policy.at("spec", "podSelector", "matchLabels")),
                        objects("PodMonitor").map(monitor -> monitor.at("spec", "selector", "matchLabels"))))
                .hasSize(3)
                .allSatisfy(selector -> assertThat(
                                labels("api").entrySet().containsAll(((Map<?, ?>) selector.value()).entrySet()))
                        .as("%s", selector)
                        .isTrue());
    }

    @Test
    void autoscalersAndBudgetsReferToTheDeployments() {
        var deployments = DEPLOYMENTS.stream()
                .map(name -> deployment(name).at("metadata", "name").text())
                .toList();
        assertThat(Stream.concat(objects("HorizontalPodAutoscaler"), objects("ScaledObject"))
                        .map(scaler ->
                                scaler.at("spec", "scaleTargetRef", "name").text()))
                .contains(deployments.toArray(String[]::new))
                .isSubsetOf(deployments);
        assertThat(objects("PodDisruptionBudget")
                        .map(budget -> budget.at("metadata", "name").text()))
                .containsExactlyElementsOf(deployments);
    }
}
