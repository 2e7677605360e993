package dev.minicompete.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Slow clients are disconnected, and others are served meanwhile. {@code ConnectionDeadlineTest} checks the exact times, with a clock of its
 * own.
 */
@FullRun
class SlowClientIT {

    /** In seconds; 20 and 75 in production. */
    private static final int PATIENCE = 2;

    private static final int IDLE = 4;
    private static final int CONNECTIONS = 400;

    private static final Duration PATIENCE_OF_TEST = Duration.ofSeconds(30);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void start() {
        process = cluster.start(Map.of(
                "API_CLIENT_PATIENCE", "PT" + PATIENCE + "S",
                "HTTP_IDLE_TIMEOUT", "PT" + IDLE + "S",
                "MAX_CONNECTIONS", "" + CONNECTIONS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET /api/competitions HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
                "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 10000\r\n\r\n{\"email\":\"",
                "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n1388\r\n{\"email\":\"",
                "POST /api/competitions/x/register HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                        + "Content-Length: 10000\r\n\r\n"
            })
    void slowRequestIsCutOff(String beginning) throws IOException {
        try (var socket = connect()) {
            send(socket, beginning);
            assertThat(isCutOff(socket, "x")).isTrue();
        }
    }

    @Test
    void idleConnectionIsCutOff() throws IOException {
        try (var socket = connect()) {
            assertThat(isCutOff(socket, "")).isTrue();
        }
        try (var socket = connect()) {
            send(socket, "GET /api/competitions?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(isCutOff(socket, "")).isTrue();
        }
    }

    @Test
    void clientThatDoesNotReadIsCutOff() throws IOException {
        var organizer = cluster.database().createOrganizer();
        for (var i = 0; i < 100; i++) {
            cluster.database().createCompetition(organizer, Map.of("description", "x".repeat(5_000), "title", "T" + i));
        }
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", process.api().getPort()));
            var request =
                    "GET /api/competitions?limit=100&organizerId=" + organizer + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            // Fills the buffers of both sides, then goes on until the server closes the connection.
            await("the end of the connection").atMost(PATIENCE_OF_TEST).until(() -> {
                try {
                    send(socket, request);
                    return false;
                } catch (IOException reset) {
                    return true;
                }
            });
        }
    }

    @Test
    void othersAreServedBesideManySlowClients() throws IOException {
        var slow = new ArrayList<Socket>();
        try {
            for (var i = 0; i < CONNECTIONS - 20; i++) {
                var socket = connect();
                send(socket, "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
                slow.add(socket);
            }
            assertServed(process);
        } finally {
            close(slow);
        }
    }

    /** This process closes idle connections after 75 s, so a connection that is closed earlier exceeded the limit. */
    @Test
    void connectionBeyondLimitIsClosedAndHealthResponds() throws IOException {
        var small = cluster.start(Map.of("MAX_CONNECTIONS", "40"));
        var connections = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 60; i++) {
                connections.add(new Socket("127.0.0.1", small.api().getPort()));
            }
            assertThat(isCutOff(connections.get(connections.size() - 1), "")).isTrue();
            assertThat(small.management("/q/health/ready").status()).isEqualTo(200);
        } finally {
            close(connections);
        }
        await("room again").atMost(PATIENCE_OF_TEST).untilAsserted(() -> assertServed(small));
    }

    private static void assertServed(ProductionProcess process) {
        for (var path : List.of("/q/health/ready", "/q/health/live", "/q/metrics")) {
            var reply = process.management(path);
            assertThat(reply.status()).as(path).isEqualTo(200);
        }
        var list = Http.get(process.api().resolve("/api/competitions"));
        assertThat(list.status()).isEqualTo(200);
        var registered = cluster.register(process, cluster.database().createCompetition(1));
        assertThat(registered.status())
                .as(UUID.randomUUID() + registered.body())
                .isEqualTo(201);
    }

    private static Socket connect() throws IOException {
        return new Socket("127.0.0.1", process.api().getPort());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Whether the server closes the connection while the text is sent repeatedly. */
    private static boolean isCutOff(Socket socket, String text) {
        var started = System.nanoTime();
        try {
            socket.setSoTimeout(100);
            while (System.nanoTime() - started < PATIENCE_OF_TEST.toNanos()) {
                send(socket, text);
                try {
                    if (socket.getInputStream().read() < 0) {
                        return true;
                    }
                } catch (SocketTimeoutException stillOpen) {
                    // Send the next bytes.
                }
            }
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void close(List<Socket> sockets) {
        sockets.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
