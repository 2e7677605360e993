package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The compose file, the images and the proxy's configuration agree with each other and with the application. */
class ComposeTest {

    private static final List<String> APPLICATION = List.of("api", "worker");

    private final Yaml services = Yaml.read("compose.yaml").get(0).at("services");

    @Test
    void everyVariableOfTheApplicationIsAnInterface() throws Exception {
        for (var name : APPLICATION) {
            assertThat(services.at(name, "environment").names())
                    .isNotEmpty()
                    .isSubsetOf(EnvironmentVariables.documented());
        }
    }

    @Test
    void threeServeAndTwoWork() {
        assertThat(services.at("api", "deploy", "replicas").number()).isEqualTo(3);
        assertThat(services.at("api", "environment", "WORKER_ENABLED").text()).isEqualTo("false");
        assertThat(services.at("worker", "deploy", "replicas").number()).isEqualTo(2);
        assertThat(services.at("worker", "environment", "WORKER_ENABLED").text())
                .as("the default")
                .isNull();
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
        assertThat(Yaml.read("compose.yaml")
                        .get(0)
                        .at("networks", "data", "internal")
                        .value())
                .isEqualTo(true);
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
        for (var image : List.of("Dockerfile.native", "Dockerfile.jvm")) {
            assertThat(Files.readString(Yaml.DOCKER.resolve(image)))
                    .contains("EXPOSE 3000 9000\n", "USER 10001\n", "HEALTHCHECK ");
        }
    }
}
