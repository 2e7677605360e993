package dev.minicompete.process;

import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.RawRequest;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Production rejects requests beyond its bounds, except those of the management port. */
@FullRun
class AdmissionIT {

    private static final int PERMITS = 4;
    private static final int CROWD = 3_000;
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

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

    /** While a lock blocks the log-ins each request in progress has a session of PostgreSQL, which the test counts. */
    @Test
    void requestsInProgressAreBoundedWhenBodiesFollowHeads() throws Exception {
        var process = cluster.start(Map.of(
                "API_REQUESTS_IN_PROGRESS",
                "" + PERMITS,
                "API_REQUESTS_WAITING",
                "" + CROWD,
                "API_CLIENT_PATIENCE",
                "PT60S",
                // Shorter than the response may take: a session ends no later than its request.
                "QUARKUS_DATASOURCE_REACTIVE_ADDITIONAL_PROPERTIES__LOCK_TIMEOUT_",
                "1000"));
        // The account is limited, so that no log-in takes the time of a hash.
        cluster.database()
                .execute("INSERT INTO login_failures (subject, since, failures)"
                        + " VALUES ('account:nobody@example.com', now(), 1000)");
        var body = "{\"email\":\"nobody@example.com\",\"password\":\"password\"}";
        var head = "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\nExpect: 100-continue\r\n\r\n";
        var crowd = new ArrayList<Socket>();
        try (var lock = cluster.database().connect()) {
            for (var i = 0; i < CROWD; i++) {
                var socket = new Socket("127.0.0.1", process.api().getPort());
                socket.setSoTimeout(30_000);
                crowd.add(socket);
                send(socket, head);
            }
            for (var socket : crowd) {
                assertThat(read(socket, CONTINUE.length())).isEqualTo(CONTINUE);
            }
            assertThat(metric(process, "http_server_waiting")).isZero();

            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE login_failures");
            for (var socket : crowd) {
                send(socket, body);
            }
            await("the crowd in the queue").until(() -> {
                assertThat(blockedSessions()).isLessThanOrEqualTo(PERMITS);
                // Some have been answered by then: their wait for the lock has timed out.
                return metric(process, "http_server_waiting") > CROWD * 0.9;
            });
            await("all permits in use").until(() -> blockedSessions() == PERMITS);
            lock.rollback();

            for (var socket : crowd) {
                assertThat(status(socket)).isIn("HTTP/1.1 429", "HTTP/1.1 503");
            }
        } finally {
            for (var socket : crowd) {
                socket.close();
            }
        }
        assertThat(metric(process, "http_server_refused_total")).isZero();
    }

    private static long blockedSessions() {
        return cluster.database()
                .count("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'");
    }

    private static double metric(ProductionProcess process, String name) {
        var line = Pattern.compile("^" + name + " (.+)$", Pattern.MULTILINE)
                .matcher(process.management("/q/metrics").body());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Skips a second 100, which Quarkus sends when the application reads the body. */
    private static String status(Socket socket) throws IOException {
        var start = read(socket, CONTINUE.length());
        return (start.equals(CONTINUE) ? read(socket, CONTINUE.length()) : start).substring(0, 12);
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), ISO_8859_1);
    }
}
