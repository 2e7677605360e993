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

/** Whoever takes a connection and makes nothing of it loses it; the others do not notice. */
@FullRun
class SlowClientIT {

    /** In seconds; 20 and 60 in production. */
    private static final int PATIENCE = 2;

    private static final int IDLE = 4;
    private static final int CONNECTIONS = 400;

    private static final Duration SOON = Duration.ofMillis(1_000);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void start() {
        process = cluster.start(Map.of(
                "API_CLIENT_PATIENCE", "PT" + PATIENCE + "S",
                "QUARKUS_HTTP_IDLE_TIMEOUT", IDLE + "S",
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
    void aRequestThatTricklesIsCutOff(String beginning) throws IOException {
        try (var socket = connect()) {
            send(socket, beginning);
            var cutOff = secondsUntilCutOff(socket, "x");
            assertThat(cutOff).isBetween(PATIENCE - 0.5, PATIENCE * 2.0 + 1);
        }
    }

    @Test
    void aConnectionWithoutARequestIsCutOff() throws IOException {
        try (var socket = connect()) {
            assertThat(secondsUntilCutOff(socket, "")).isBetween(IDLE - 1.0, IDLE + 2.0);
        }
        try (var socket = connect()) {
            send(socket, "GET /api/competitions?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(secondsUntilCutOff(socket, "")).isBetween(IDLE - 1.0, IDLE + 2.0);
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws IOException {
        var organizer = cluster.database().createOrganizer();
        for (var i = 0; i < 100; i++) {
            cluster.database().createCompetition(organizer, Map.of("description", "x".repeat(5_000), "title", "T" + i));
        }
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", process.api().getPort()));
            var request =
                    "GET /api/competitions?limit=100&organizerId=" + organizer + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            var started = System.nanoTime();
            // As many as fill the buffers of both sides, and then one at a time until there is nobody any more.
            await("the end of the connection")
                    .atMost(Duration.ofSeconds(PATIENCE * 4))
                    .until(() -> {
                        try {
                            send(socket, request);
                            return false;
                        } catch (IOException reset) {
                            return true;
                        }
                    });
            assertThat(System.nanoTime() - started)
                    .isGreaterThan(Duration.ofSeconds(PATIENCE).toNanos());
        }
    }

    @Test
    void aSlowReaderWhoGetsOnIsLetBe() throws IOException {
        var organizer = cluster.database().createOrganizer();
        for (var i = 0; i < 100; i++) {
            cluster.database().createCompetition(organizer, Map.of("description", "x".repeat(5_000), "title", "T" + i));
        }
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", process.api().getPort()));
            for (var i = 0; i < 20; i++) {
                send(
                        socket,
                        "GET /api/competitions?limit=100&organizerId=" + organizer
                                + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            var started = System.nanoTime();
            long read = 0;
            var buffer = new byte[1 << 16];
            // A third of the pace at which all would be over in time.
            while (System.nanoTime() - started
                    < Duration.ofSeconds(PATIENCE * 3).toNanos()) {
                var length = socket.getInputStream().read(buffer);
                assertThat(length).isPositive();
                read += length;
                await().pollDelay(Duration.ofMillis(20)).until(() -> true);
            }
            assertThat(read).isGreaterThan(100_000);
        }
    }

    @Test
    void manySlowClientsDisturbNobody() throws IOException {
        var slow = new ArrayList<Socket>();
        try {
            for (var i = 0; i < CONNECTIONS - 20; i++) {
                var socket = connect();
                send(socket, "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
                slow.add(socket);
            }
            assertServed();
        } finally {
            close(slow);
        }
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnceAndHealthStillAnswers() throws IOException {
        var connections = new ArrayList<Socket>();
        try {
            for (var i = 0; i < CONNECTIONS + 20; i++) {
                connections.add(connect());
            }
            var last = connections.get(connections.size() - 1);
            assertThat(secondsUntilCutOff(last, "")).isLessThan(2);
            var health = process.management("/q/health/ready");
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.took()).isLessThan(SOON);
        } finally {
            close(connections);
        }
        await("room again").atMost(Duration.ofSeconds(10)).untilAsserted(SlowClientIT::assertServed);
    }

    private static void assertServed() {
        for (var path : List.of("/q/health/ready", "/q/health/live", "/q/metrics")) {
            var reply = process.management(path);
            assertThat(reply.status()).as(path).isEqualTo(200);
            assertThat(reply.took()).as(path).isLessThan(SOON);
        }
        var list = Http.get(process.api().resolve("/api/competitions"));
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.took()).isLessThan(SOON);
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

    /** Sends the text again and again, and reads, until the server has closed the connection. */
    private static double secondsUntilCutOff(Socket socket, String text) {
        var started = System.nanoTime();
        try {
            socket.setSoTimeout(100);
            while (System.nanoTime() - started < Duration.ofSeconds(30).toNanos()) {
                send(socket, text);
                try {
                    if (socket.getInputStream().read() < 0) {
                        break;
                    }
                } catch (SocketTimeoutException stillOpen) {
                    // On to the next bytes.
                }
            }
        } catch (IOException reset) {
            // That is an end, too.
        }
        return (System.nanoTime() - started) / 1e9;
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
