package dev.minicompete.process;

import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestDatabase;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
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
