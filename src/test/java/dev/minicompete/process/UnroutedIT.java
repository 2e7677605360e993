package dev.minicompete.process;

import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.RawRequest;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that the server rejects before routing get a problem, too, in production. */
class UnroutedIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void start() {
        process = cluster.start(Map.of());
    }

    @AfterAll
    static void close() {
        assertThat(process.log()).doesNotContain("ERROR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "api/auth/me",
                "localhost:80",
                "?x",
                "?",
                "http://",
                "//",
                "/api\\auth/me",
                "/api/auth/me\\",
                "/{id}",
                "/api/competitions?limit=%",
                "/api/competitions?limit=%zz",
                "/api/competitions?q=\u0001",
                "/%",
                "/%zz",
                "/api/auth/me|",
                "/api/auth/me\u0080",
                "\\",
                "/api/competitions?q=a^b",
                "/<script>"
            })
    void malformedTargetGetsProblem(String target) {
        for (var method : new String[] {"GET", "POST", "OPTIONS", "CONNECT", "TRACE"}) {
            var answer = send(new RawRequest(method, target));
            assertThat(answer.status()).as("%s %s: %s", method, target, answer).isIn(400, 404, 405);
            assertProblem(answer, method + " " + target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/api/auth/me", "http://evil.example/api/auth/me", "/api/auth/me#x"})
    void absoluteTargetIsAccepted(String target) {
        assertThat(send(new RawRequest("GET", target)).status()).isIn(400, 401, 404);
    }

    static Stream<Named<Consumer<RawRequest>>> headers() {
        return Stream.of(
                header("a DEL", "X-A", "a\u007fb"),
                header("a NUL", "X-A", "a\u0000b"),
                header("a control character", "X-A", "a\u0001b"),
                header("a bare line break", "X-A", "a\rb"),
                header("a name with a blank", "X A", "b"),
                header("a name with a control character", "X\u0001", "b"),
                header("an empty name", "", "b"),
                header("a length that is not a number", "Content-Length", "x"),
                header("a negative length", "Content-Length", "-1"),
                header("a length with a sign", "Content-Length", "+1"),
                header("two lengths", "Content-Length", "1\r\nContent-Length: 2"),
                header("a list of lengths", "Content-Length", "1, 2"),
                header("a length beyond a long", "Content-Length", "9".repeat(30)),
                header("another host", "Host", "a"),
                header("a long header", "X-A", "a".repeat(50_000)),
                header("many headers", "X-A", "a\r\nX-B: b".repeat(5_000)));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void malformedHeaderGetsProblem(Consumer<RawRequest> header) {
        var request = new RawRequest("POST", "/api/auth/login");
        header.accept(request);
        var answer = send(request.header("Content-Type", "application/json"));
        assertThat(answer.status()).as(answer.toString()).isIn(400, 413, 431);
        assertProblem(answer, "");
    }

    @Test
    void tooLongTargetGetsProblem() {
        var answer = send(new RawRequest("GET", "/api/competitions?q=" + "a".repeat(20_000)));
        assertThat(answer.status()).isEqualTo(414);
        assertProblem(answer, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "[::1", "%zz"})
    void malformedHostGetsProblem(String host) {
        var answer = RawHttp.send(
                process.api().getPort(),
                "GET /api/competitions?limit=1 HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"malformed-request\"");
    }

    /** RFC 9112, section 3.2. */
    @Test
    void missingHostIsRejectedInHttp11Only() {
        var port = process.api().getPort();
        for (var target : new String[] {"/api/competitions?limit=1", "/", "/login"}) {
            var answer = RawHttp.send(port, "GET " + target + " HTTP/1.1\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(target).startsWith("HTTP/1.1 400").contains("\"code\":\"malformed-request\"");
        }
        assertThat(RawHttp.send(port, "GET /api/competitions?limit=1 HTTP/1.0\r\n\r\n"))
                .contains(" 200 OK", "\"items\"");
        assertThat(RawHttp.send(process.management().getPort(), "GET /q/health/ready HTTP/1.0\r\n\r\n"))
                .contains(" 200 OK");
    }

    @Test
    void otherProtocolsAreRejected() {
        for (var line :
                new String[] {"PRI * HTTP/2.0", "GET / HTTP/9.9", "GET / HTTP/1.2", "GET / XTTP/1.1", "nonsense"}) {
            var answer = RawHttp.send(process.api().getPort(), line + "\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(line).doesNotContain("HTTP/1.1 200", "\"items\"", "Exception");
        }
        var upgrade = send(new RawRequest("GET", "/api/auth/me")
                .header("Upgrade", "h2c")
                .header("HTTP2-Settings", "AAMAAABkAAQAAP__"));
        assertThat(upgrade.status()).isEqualTo(401);
    }

    private static Named<Consumer<RawRequest>> header(String what, String name, String value) {
        return Named.of(what, request -> request.header(name, value));
    }

    private static void assertProblem(RawAnswer answer, String what) {
        assertThat(answer.code()).as("%s: %s", what, answer).isNotBlank();
        assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.json().path("type").asText()).startsWith("urn:mini-compete:problem:");
        assertThat(answer.header("X-Request-Id")).isNotBlank();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.body()).doesNotContain("Exception", "vertx");
        assertSecurityHeaders(answer);
    }

    private static RawAnswer send(RawRequest request) {
        return request.send(process.api().getPort());
    }
}
