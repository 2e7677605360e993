package dev.minicompete.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The proxy's configuration: it breaks no request when processes come and go, and holds none for long when one stands still. */
class ProxyTest {

    private final List<String> lines;

    ProxyTest() throws IOException {
        lines = Files.readAllLines(Yaml.DOCKER.resolve("haproxy/haproxy.cfg")).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private List<String> words(String start) {
        var found = lines.stream().filter(line -> line.startsWith(start + " ")).toList();
        assertThat(found).as(start).hasSize(1);
        return Arrays.asList(found.get(0).split(" +"));
    }

    private static String after(String word, List<String> words) {
        assertThat(words).contains(word);
        return words.get(words.indexOf(word) + 1);
    }

    private static Duration duration(String text) {
        var parts = Pattern.compile("(\\d+)(ms|s)").matcher(text);
        assertThat(parts.matches()).as(text).isTrue();
        var number = Long.parseLong(parts.group(1));
        return parts.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }

    @Test
    void itsOwnErrorsAreProblemsThatSayWhenToTryAgain() {
        for (var status : List.of(502, 503, 504)) {
            var line = lines.stream()
                    .filter(each -> each.startsWith("http-error status " + status + " "))
                    .findFirst();
            assertThat(line).as("%d", status).hasValueSatisfying(text -> {
                assertThat(text).contains(" content-type application/problem+json ", " hdr Retry-After ");
                var body = new JsonObject(text.substring(text.indexOf('\'') + 1, text.lastIndexOf('\'')));
                assertThat(body.getString("type")).isEqualTo("urn:mini-compete:problem:" + body.getString("code"));
                assertThat(body.getInteger("status")).isEqualTo(status);
            });
        }
    }

    @Test
    void whatAProcessHasBegunItMayEnd() {
        assertThat(lines).noneMatch(line -> line.contains("shutdown-sessions"));
    }

    @Test
    void aProcessGetsNoRequestBeforeItIsReady() {
        assertThat(after("init-state", words("default-server"))).isEqualTo("down");
    }

    @Test
    void aProcessThatEndsIsLeftBeforeItStopsServing() throws IOException {
        var server = words("default-server");
        var noticed = duration(after("inter", server))
                .plus(duration(after("fastinter", server)).multipliedBy(Long.parseLong(after("fall", server)) - 1));
        var delay = Pattern.compile("\\$\\{SHUTDOWN_DELAY:(\\w+)}")
                .matcher(Files.readString(Path.of("src/main/resources/application.properties")));
        assertThat(delay.find()).isTrue();
        assertThat(noticed.plusMillis(500))
                .as("with time for the checks themselves")
                .isLessThan(Duration.parse(delay.group(1)));
    }

    @Test
    void onlyWhatIsSafeIsRepeated() {
        assertThat(lines)
                .contains(
                        "acl repeatable method GET HEAD OPTIONS",
                        "acl repeatable req.hdr(Idempotency-Key) -m found",
                        "http-request disable-l7-retry unless repeatable");
        assertThat(lines.stream().filter(line -> line.startsWith("acl repeatable ")))
                .hasSize(2);
    }

    /** An answer that the contract promises comes within 5 s; a process in good health is not asked twice. */
    @Test
    void aProcessThatStandsStillHoldsNoRequestForLong() {
        assertThat(words("retry-on")).contains("conn-failure", "empty-response", "response-timeout");
        assertThat(words("http-request set-timeout server")).endsWith("if", "repeatable");
        assertThat(duration(after("server", words("http-request set-timeout server"))))
                .isBetween(Duration.ofMillis(5_500), Duration.ofSeconds(8));
        assertThat(duration(words("timeout server").get(2))).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15));
    }

    @Test
    void anUpgradeFindsRoomForTwiceAsManyProcesses() {
        var replicas = Yaml.read("compose.yaml")
                .get(0)
                .at("services", "api", "deploy", "replicas")
                .defaultOf("API");
        assertThat(Integer.parseInt(words("server-template").get(2)))
                .isGreaterThanOrEqualTo(2 * Integer.parseInt(replicas));
    }
}
