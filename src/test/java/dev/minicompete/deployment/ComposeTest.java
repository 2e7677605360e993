package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compose file is whole, and agrees with the application. */
class ComposeTest {

    private static final List<String> APPLICATION = List.of("api", "worker");

    /** What PostgreSQL keeps for superusers. */
    private static final int RESERVED_CONNECTIONS = 3;

    private final Yaml compose = Yaml.read("compose.yaml").get(0);
    private final Yaml services = compose.at("services");

    @Test
    void everyVariableOfTheApplicationIsAnInterface() throws Exception {
        for (var name : APPLICATION) {
            assertThat(services.at(name, "environment").names()).isNotEmpty().isSubsetOf(EnvironmentVariables.named());
        }
    }

    @Test
    void threeServeAndTwoWork() {
        assertThat(services.at("api", "deploy", "replicas").defaultOf("API")).isEqualTo("3");
        assertThat(services.at("api", "environment", "WORKER_ENABLED").text()).isEqualTo("false");
        assertThat(services.at("worker", "deploy", "replicas").defaultOf("WORKERS"))
                .isEqualTo("2");
        assertThat(services.at("worker", "environment", "WORKER_ENABLED").text())
                .isEqualTo("true");
        assertThat(services.at("worker", "environment", "SCHEDULER_ENABLED").text())
                .isEqualTo("true");
    }

    /** What is set here .env cannot set: it ties the services together, or is what each of them is for. */
    @Test
    void everythingElseIsSetByEnv() {
        var wiring = new String[] {
            "HOST",
            "PORT",
            "MANAGEMENT_PORT",
            "DB_HOST",
            "DB_PORT",
            "DB_NAME",
            "DB_USER",
            "DB_PASSWORD",
            "REDIS_URL",
            "JWT_PRIVATE_KEY_FILE",
            "TRUSTED_PROXIES",
            "WORKER_ENABLED",
            "SCHEDULER_ENABLED"
        };
        for (var name : APPLICATION) {
            assertThat(services.at(name, "environment").names()).containsExactlyInAnyOrder(wiring);
            assertThat(services.at(name, "env_file").text()).isEqualTo(".env");
        }
    }

    @Test
    void theImageIsTheProjectsAndNeedsNoTraining() {
        for (var name : APPLICATION) {
            assertThat(services.at(name, "image").text()).isEqualTo("${COMPOSE_PROJECT_NAME}:${IMAGE:-native}");
            assertThat(services.at(name, "build", "args", "TRAIN").text()).isEqualTo("${TRAIN:-true}");
        }
    }

    /** Docker starts no container with a limit of more cores than the host has. */
    @Test
    void oneCoreIsEnough() {
        services.names().forEach(name -> {
            var cpus =
                    services.at(name, "deploy", "resources", "limits", "cpus").defaultOf("CPUS");
            assertThat(new BigDecimal(cpus)).as(name).isLessThanOrEqualTo(BigDecimal.ONE);
        });
        for (var name : List.of("api", "postgres")) {
            assertThat(services.at(name, "deploy", "resources", "limits", "cpus")
                            .text())
                    .startsWith("${CPUS:-");
        }
    }

    /** While an upgrade rolls there are twice as many of one of the two. */
    @Test
    void postgresTakesTheConnectionsOfAllProcesses() throws Exception {
        var properties = new Properties();
        try (var file = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(file);
        }
        var pool = Integer.parseInt(properties.getProperty("quarkus.datasource.reactive.max-size", "20"))
                + Integer.parseInt(properties.getProperty("quarkus.datasource.jdbc.max-size", "20"));
        var api = Integer.parseInt(services.at("api", "deploy", "replicas").defaultOf("API"));
        var workers =
                Integer.parseInt(services.at("worker", "deploy", "replicas").defaultOf("WORKERS"));
        var command = services.at("postgres", "command").items().map(Yaml::text).toList();
        assertThat(command).hasSize(3).startsWith("postgres", "-c");
        var connections = command.get(2).replaceFirst("^max_connections=\\$\\{DB_CONNECTIONS:-(\\d+)}$", "$1");
        assertThat(Integer.parseInt(connections))
                .isGreaterThanOrEqualTo((api + workers + Math.max(api, workers)) * pool + RESERVED_CONNECTIONS);
    }

    private static long bits(String address) throws Exception {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(InetAddress.getByName(address).getAddress()).getInt());
    }

    private static boolean isIn(String address, String range) throws Exception {
        var parts = range.split("/");
        var shift = 32 - Integer.parseInt(parts[1]);
        return bits(address) >> shift == bits(parts[0]) >> shift;
    }

    @Test
    void nobodyIsGivenTheProxysAddress() throws Exception {
        var addresses = compose.at("networks", "front", "ipam", "config")
                .items()
                .findFirst()
                .orElseThrow();
        var proxy = services.at("proxy", "networks", "front", "ipv4_address").text();
        var given = addresses.at("ip_range").text();
        assertThat(isIn(proxy, addresses.at("subnet").text())).isTrue();
        assertThat(isIn(given.split("/")[0], addresses.at("subnet").text())).isTrue();
        assertThat(isIn(proxy, given)).isFalse();
    }

    /** README.md has the operator take away what stands before it. */
    @Test
    void tlsIsThereAsComments(@TempDir Path directory) throws Exception {
        var mark = Pattern.compile("#TLS ");
        var file = Files.readString(Yaml.DOCKER.resolve("compose.yaml"));
        var proxy = Yaml.read(Files.writeString(
                        directory.resolve("compose.yaml"), mark.matcher(file).replaceAll("")))
                .get(0)
                .at("services", "proxy");
        assertThat(proxy.at("ports").items().map(Yaml::text)).contains("${PUBLISH_TLS:-443}:3443");
        assertThat(proxy.at("volumes").items().map(Yaml::text)).contains("./site.pem:/run/secrets/site.pem:ro");
        assertThat(services.at("proxy", "ports").items()).hasSize(1);
        var haproxy = Files.readString(Yaml.DOCKER.resolve("haproxy/haproxy.cfg"));
        assertThat(mark.matcher(haproxy).replaceAll(""))
                .contains("\n  bind :3443 ssl crt /run/secrets/site.pem alpn h2,http/1.1\n");
        assertThat(Files.readString(Yaml.DOCKER.resolve("README.md")))
                .contains("sed -i 's/#TLS //' docker/compose.yaml docker/haproxy/haproxy.cfg");
    }

    /** So that "up --wait" waits until the system answers. The application's check is in its image. */
    @Test
    void everyServiceThatOthersNeedSaysWhetherItIsThere() {
        for (var name : List.of("proxy", "postgres", "redis")) {
            assertThat(services.at(name, "healthcheck", "test").items())
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    void secretsHaveNoDefaults() throws Exception {
        assertThat(Files.readString(Yaml.DOCKER.resolve("compose.yaml")))
                .doesNotContainPattern("PASSWORD:-")
                .doesNotContainPattern("PASSWORD: +[^$ ]");
    }

    @Test
    void everyServiceIsRestartedAndLimited() {
        services.names().map(services::at).forEach(service -> {
            assertThat(service.at("restart").text()).as("%s", service).isEqualTo("unless-stopped");
            assertThat(service.at("deploy", "resources", "limits").names())
                    .as("%s", service)
                    .containsExactlyInAnyOrder("cpus", "memory");
            assertThat(service.at("security_opt").items().map(Yaml::text)).contains("no-new-privileges:true");
        });
    }

    @Test
    void theApplicationHasNoPrivileges() {
        for (var name : APPLICATION) {
            var service = services.at(name);
            assertThat(service.at("read_only").value()).isEqualTo(true);
            assertThat(service.at("cap_drop").items().map(Yaml::text)).containsExactly("ALL");
            assertThat(service.at("stop_grace_period").text()).isEqualTo("20s");
        }
    }

    @Test
    void theDataAreReachableByTheApplicationOnly() {
        for (var name : List.of("postgres", "redis")) {
            assertThat(services.at(name, "ports").value()).isNull();
            assertThat(services.at(name, "networks").items().map(Yaml::text)).containsExactly("data");
        }
        assertThat(compose.at("networks", "data", "internal").value()).isEqualTo(true);
    }

    @Test
    void theProxyIsTheOneThatIsTrusted() {
        assertThat(services.at("api", "environment", "TRUSTED_PROXIES").text())
                .isEqualTo(services.at("proxy", "networks", "front", "ipv4_address")
                        .text());
    }

    @Test
    void portsAreThoseOfTheApplication() throws Exception {
        var properties = Files.readString(Path.of("src/main/resources/application.properties"));
        assertThat(properties).contains("${PORT:3000}", "${MANAGEMENT_PORT:9000}");
        assertThat(Files.readString(Yaml.DOCKER.resolve("haproxy/haproxy.cfg"))).contains("api:3000", "port 9000");
    }
}
