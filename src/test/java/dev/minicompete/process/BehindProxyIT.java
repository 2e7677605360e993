package dev.minicompete.process;

import static dev.minicompete.testing.Problems.assertProblem;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestDatabase;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process makes of a trusted proxy's headers, of other sites' pages, and of tries that other processes counted. */
class BehindProxyIT {

    private static final String ALLOWED = "https://app.example.org";

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess one;
    private static ProductionProcess other;

    @BeforeAll
    static void start() {
        var variables = Map.of(
                "TRUSTED_PROXIES",
                "127.0.0.1",
                "CORS_ORIGINS",
                ALLOWED + ",http://localhost:5173",
                "WORKER_ENABLED",
                "false");
        one = cluster.start(variables);
        other = cluster.start(variables);
    }

    @BeforeEach
    void forgetFailures() {
        cluster.database().execute("DELETE FROM login_failures");
    }

    @Test
    void anAnswerByHttpsTellsBrowsersToStayWithIt() {
        var secure = get("/api/competitions").header("X-Forwarded-Proto", "https");
        assertThat(secure.send(port(one)).header("Strict-Transport-Security"))
                .isEqualTo("max-age=63072000; includeSubDomains");
        var nothing = get("/api/nothing").header("X-Forwarded-Proto", "https").send(port(one));
        assertProblem(nothing, 404, "not-found");
        assertThat(nothing.header("Strict-Transport-Security")).isNotBlank();
        assertThat(get("/api/competitions").send(port(one)).headers()).doesNotContainKey("Strict-Transport-Security");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS", "https, http", "Https , http", "https,"})
    void forwardedSchemeCountsHoweverItIsWritten(String scheme) {
        var answer =
                get("/api/competitions").header("X-Forwarded-Proto", scheme).send(port(one));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Strict-Transport-Security")).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "ws", "h\"t", "ht tp", "//"})
    void malformedForwardedSchemeIsIgnored(String scheme) {
        for (var path : new String[] {"/api/competitions", "/api/nothing", "/login"}) {
            var answer = get(path).header("X-Forwarded-Proto", scheme).send(port(one));
            assertThat(answer.status()).as(path).isEqualTo(path.endsWith("nothing") ? 404 : 200);
            assertThat(answer.headers()).doesNotContainKey("Strict-Transport-Security");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "x",
                "-1",
                "99999",
                "443, 80",
                "1.2.3.4;5",
                "[1.2.3.4]",
                "%00",
                "a b",
                "<script>",
                "user@evil",
                "a:99999"
            })
    void malformedForwardedPortOrHostIsIgnored(String value) {
        for (var header : new String[] {"X-Forwarded-Port", "X-Forwarded-Host"}) {
            var answer = get("/api/competitions").header(header, value).send(port(one));
            assertThat(answer.status()).as(header).isEqualTo(200);
        }
    }

    /** The address that failed log-ins count for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7                   | 192.0.2.7",
                "192.0.2.7:51234             | 192.0.2.7",
                "\"192.0.2.7\"                 | 192.0.2.7",
                "192.0.2.7 , 198.51.100.1    | 192.0.2.7",
                ", 192.0.2.7                 | 192.0.2.7",
                "::ffff:192.0.2.7            | 192.0.2.7",
                "2001:db8:0:5::1             | 20:01:0d:b8:00:00:00:05::/64",
                "[2001:db8:0:5::1]           | 20:01:0d:b8:00:00:00:05::/64",
                "[2001:db8:0:5::1]:443       | 20:01:0d:b8:00:00:00:05::/64",
                "\"[2001:db8:0:5::1]:443\"     | 20:01:0d:b8:00:00:00:05::/64",
                "fe80::1%eth0                | fe:80:00:00:00:00:00:00::/64",
                "unknown                     | 127.0.0.1",
                "_hidden                     | 127.0.0.1",
                "unknown, 198.51.100.1       | 127.0.0.1",
                "999.1.1.1                   | 127.0.0.1",
                "1.2.3                       | 127.0.0.1",
                "proxy.example.org           | 127.0.0.1",
                "[2001:db8::1                | 127.0.0.1",
                "[]                          | 127.0.0.1",
                ":443                        | 127.0.0.1",
                ":                           | 127.0.0.1",
                "''                          | 127.0.0.1",
                ",                           | 127.0.0.1",
                "\"\"                          | 127.0.0.1",
                "%                           | 127.0.0.1"
            })
    void clientAddressIsReadAsProxiesWriteIt(String header, String address) {
        cluster.database().execute("DELETE FROM login_failures");
        var email = cluster.database().createOrganizer() + "@example.com";
        assertProblem(logIn(one, email, "wrong-password", header), 401, "bad-credentials");
        assertThat(cluster.database().text("SELECT subject FROM login_failures WHERE subject LIKE 'address:%'"))
                .isEqualTo("address:" + address);
        assertThat(logIn(one, email, TestDatabase.PASSWORD, header).status()).isEqualTo(200);
    }

    /** A browser without Fetch Metadata: the proxy has rewritten Host, or Quarkus has taken its port off. */
    @ParameterizedTest
    @CsvSource({
        "https://example.org, app:3000, example.org, 401",
        "https://example.org, app:3000, EXAMPLE.org:443, 401",
        "https://example.org:8443, app:3000, 'example.org:8443, inner', 401",
        "https://example.org:8443, example.org:8443, , 401",
        "https://example.org, EXAMPLE.ORG:443, , 401",
        "https://evil.example, app:3000, example.org, 403",
        "https://example.org, app:3000, , 403"
    })
    void ownFormIsNotCrossSite(String origin, String host, String forwardedHost, int status) {
        var secret = UUID.randomUUID().toString();
        var form = "csrf=" + secret + "&email=nobody%40example.com&password=wrong-password";
        var answer = RawHttp.send(
                port(one),
                "POST /login HTTP/1.1\r\nConnection: close\r\nHost: " + host + "\r\nOrigin: " + origin
                        + "\r\nX-Forwarded-Proto: https\r\n"
                        + (forwardedHost == null ? "" : "X-Forwarded-Host: " + forwardedHost + "\r\n")
                        + "Cookie: __Host-csrf=" + secret + "\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length()
                        + "\r\n\r\n" + form);
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void untrustedPeerCannotSetForwardedHost() {
        var direct = cluster.start(Map.of("WORKER_ENABLED", "false"));
        var secret = UUID.randomUUID().toString();
        var answer = new RawRequest("POST", "/login")
                .header("Origin", "https://evil.example")
                .header("X-Forwarded-Host", "evil.example")
                .header("Cookie", "__Host-csrf=" + secret)
                .body("application/x-www-form-urlencoded", ("csrf=" + secret).getBytes(US_ASCII))
                .send(port(direct));
        assertThat(answer.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "0:0:0:0:0:0:0:1"})
    void proxyIsKnownByItsIpv6Address(String proxies) throws IOException {
        try (var process = cluster.start(
                        Map.of("HOST", "::1", "TRUSTED_PROXIES", "10.0.0.0/8, " + proxies, "WORKER_ENABLED", "false"));
                var socket = new Socket("::1", port(process))) {
            socket.getOutputStream()
                    .write(
                            "GET /api/competitions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-Proto: https\r\n\r\n"
                                    .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("strict-transport-security");
        }
    }

    @Test
    void aPageOfANamedOriginMayCall() {
        var preflight = new RawRequest("OPTIONS", "/api/competitions")
                .header("Origin", ALLOWED)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
                .send(port(one));
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(ALLOWED);
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(preflight.headers()).doesNotContainKey("Access-Control-Allow-Credentials");
        var answer = get("/api/competitions").header("Origin", ALLOWED).send(port(one));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ALLOWED);
        assertThat(answer.header("Access-Control-Expose-Headers")).containsIgnoringCase("etag");
        assertThat(answer.headers().get("Vary").toString()).containsIgnoringCase("origin");
        var failure = get("/api/auth/me").header("Origin", ALLOWED).send(port(one));
        assertProblem(failure, 401, "authentication-required");
        assertThat(failure.header("Access-Control-Allow-Origin")).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.org.evil.example",
                "http://app.example.org",
                "null",
                "*",
                "https://app.example.org:444",
                "https://APP.example.org",
                "https://appxexample.org"
            })
    void aPageOfAnotherOriginMayNot(String origin) {
        for (var method : new String[] {"GET", "OPTIONS"}) {
            var answer = new RawRequest(method, "/api/competitions")
                    .header("Origin", origin)
                    .header("Access-Control-Request-Method", "POST")
                    .send(port(one));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers().keySet())
                    .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
        }
    }

    @Test
    void failuresOfOneAccountCountWhereverTheyHappenAndOutliveAProcess() {
        var email = cluster.database().createOrganizer() + "@example.com";
        for (var i = 0; i < 5; i++) {
            var process = i % 2 == 0 ? one : other;
            assertProblem(logIn(process, email, "wrong-password", "192.0.2." + i), 401, "bad-credentials");
        }
        assertProblem(logIn(one, email, TestDatabase.PASSWORD, "192.0.2.99"), 429, "too-many-requests");
        assertProblem(logIn(other, email, TestDatabase.PASSWORD, "192.0.2.99"), 429, "too-many-requests");
        try (var restarted = cluster.start(Map.of("WORKER_ENABLED", "false"))) {
            assertProblem(logIn(restarted, email, TestDatabase.PASSWORD, null), 429, "too-many-requests");
        }
    }

    @Test
    void anIpv6SubscriberIsOneClientHoweverManyAddressesTheyUse() {
        cluster.database()
                .execute("INSERT INTO login_failures VALUES ('address:20:01:0d:b8:00:01:00:02::/64', now(), 49)");
        var email = cluster.database().createOrganizer() + "@example.com";
        assertProblem(logIn(one, email, "wrong-password", "2001:db8:1:2::1"), 401, "bad-credentials");
        assertProblem(logIn(other, email, "wrong-password", "2001:db8:1:2:ffff::9"), 429, "too-many-requests");
        assertThat(logIn(other, email, TestDatabase.PASSWORD, "2001:db8:1:3::1").status())
                .isEqualTo(200);
    }

    private static RawRequest get(String path) {
        return new RawRequest("GET", path);
    }

    private static RawAnswer logIn(ProductionProcess process, String email, String password, String from) {
        return new RawRequest("POST", "/api/auth/login")
                .header("X-Forwarded-For", from)
                .header("X-Request-Id", UUID.randomUUID().toString())
                .json("{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password))
                .send(port(process));
    }

    private static int port(ProductionProcess process) {
        return process.api().getPort();
    }
}
