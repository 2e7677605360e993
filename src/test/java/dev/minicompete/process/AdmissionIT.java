package dev.minicompete.process;

import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.RawRequest;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Production rejects requests beyond its bounds, except those of the management port. */
@FullRun
class AdmissionIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @Test
    void withoutPermitsEveryRequestIsRejectedExceptOnManagementPort() {
        var process = cluster.start(Map.of("API_REQUESTS_IN_PROGRESS", "0", "API_REQUESTS_WAITING", "0"));
        for (var method : new String[] {"GET", "POST", "TRACE"}) {
            for (var path : new String[] {"/api/competitions", "/q/metricsX", "/q/health/live", "/"}) {
                var answer = new RawRequest(method, path).send(process.api().getPort());
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("unavailable");
                assertThat(answer.header("Retry-After")).isEqualTo("2");
                assertSecurityHeaders(answer);
            }
        }
        assertThat(process.management("/q/health/live").status()).isEqualTo(200);
        assertThat(process.management("/q/health/ready").status()).isEqualTo(200);
        assertThat(process.management("/q/metrics").body()).contains("http_server_refused_total 12.0");

        var both = RawHttp.send(
                process.api().getPort(),
                "HEAD /api/competitions HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "HEAD /api/competitions HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(both.split("\r\n\r\n"))
                .hasSize(2)
                .allSatisfy(head -> assertThat(head).startsWith("HTTP/1.1 503"));
    }

    @Test
    void metricsHaveNoAddressOnPublicPort() {
        var process = cluster.start(Map.of());
        for (var path : new String[] {"/q/metrics", "/q/metricsX", "/q/health", "/q/health/live"}) {
            var answer = new RawRequest("GET", path).send(process.api().getPort());
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("not-found");
        }
    }

    /** A log-in takes long enough, by its hash, that the others arrive meanwhile. */
    @Test
    void requestsInProgressAreBoundedWhenBodiesFollowHeads() throws IOException {
        var process = cluster.start(Map.of("API_REQUESTS_IN_PROGRESS", "1", "API_REQUESTS_WAITING", "0"));
        var body = "{\"email\":\"nobody@example.com\",\"password\":\"password\"}";
        var crowd = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 60; i++) {
                var socket = new Socket("127.0.0.1", process.api().getPort());
                crowd.add(socket);
                send(
                        socket,
                        "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n");
            }
            for (var socket : crowd) {
                send(socket, body);
            }
            for (var socket : crowd) {
                socket.setSoTimeout(30_000);
                assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
                        .isIn("HTTP/1.1 401", "HTTP/1.1 429", "HTTP/1.1 503");
            }
        } finally {
            for (var socket : crowd) {
                socket.close();
            }
        }
        assertThat(process.management("/q/metrics").body()).containsPattern("http_server_refused_total [2-5]\\d\\.0");
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }
}
