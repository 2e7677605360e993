package dev.minicompete.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.security.ApiDocument.Operation;
import dev.minicompete.testing.FullRun;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server rejects huge and endless bodies, and the client can read the response. */
@QuarkusTest
class EndlessBodyTest {

    private static final int HUGE = 11 << 20;

    private Scene scene;
    private String before;

    @BeforeEach
    void read() {
        scene = new Scene();
        before = Scene.state();
    }

    /** One endpoint for each method: the limit is checked before the path. */
    private static List<Operation> oneOfEachMethod() {
        return List.copyOf(ApiDocument.read().operations().stream()
                .collect(Collectors.toMap(operation -> operation.method, operation -> operation, (one, other) -> one))
                .values());
    }

    @Test
    void hugeBodyIsRejected() throws Exception {
        assertHugeBodiesAreRefused(oneOfEachMethod());
    }

    @FullRun
    @Test
    void hugeBodyIsRejectedByEveryEndpoint() throws Exception {
        assertHugeBodiesAreRefused(ApiDocument.read().operations());
    }

    private void assertHugeBodiesAreRefused(List<Operation> operations) throws Exception {
        for (var operation : operations) {
            assertRefused(operation, upload(operation, "Content-Length: " + HUGE, new byte[HUGE]));
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void endlessBodyIsRejected() throws Exception {
        assertEndlessBodiesAreRefused(oneOfEachMethod());
    }

    @FullRun
    @Test
    void endlessBodyIsRejectedByEveryEndpoint() throws Exception {
        assertEndlessBodiesAreRefused(ApiDocument.read().operations());
    }

    private void assertEndlessBodiesAreRefused(List<Operation> operations) throws Exception {
        var chunk = ("4000\r\n" + "x".repeat(0x4000) + "\r\n").getBytes(ISO_8859_1);
        for (var operation : operations) {
            assertRefused(operation, upload(operation, "Transfer-Encoding: chunked", chunk));
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    private static void assertRefused(Operation operation, String answer) {
        assertThat(answer).as(operation.name()).startsWith("HTTP/1.1 413").contains("\"payload-too-large\"");
    }

    @Test
    void clientThatKeepsSendingIsDisconnected() throws Exception {
        var operation = ApiDocument.read().operations().get(0);
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            send(socket, operation, "Content-Length: " + HUGE);
            assertThat(endlessly(socket, new byte[4_096]).get(10, TimeUnit.SECONDS))
                    .isGreaterThan(0);
        }
    }

    /** Sends these bytes endlessly until the server responds. */
    private String upload(Operation operation, String length, byte[] bytes) throws Exception {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            send(socket, operation, length);
            var sender = endlessly(socket, bytes);
            var answer = new StringBuilder();
            var buffer = new byte[4_096];
            for (var read = 0;
                    read >= 0 && answer.indexOf("}") < 0;
                    read = socket.getInputStream().read(buffer)) {
                answer.append(new String(buffer, 0, read, ISO_8859_1));
            }
            socket.close();
            sender.join();
            return answer.toString();
        }
    }

    private void send(Socket socket, Operation operation, String length) throws IOException {
        var user = scene.user(AccessTable.allowed(operation.name()));
        socket.getOutputStream()
                .write((operation.method + " " + scene.target(operation) + " HTTP/1.1\r\nHost: localhost\r\n"
                                + "Authorization: Bearer " + user.token() + "\r\nIdempotency-Key: k\r\n"
                                + "If-Match: *\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
    }

    /** Sends until the connection is closed; returns the number of successful writes. */
    private static CompletableFuture<Integer> endlessly(Socket socket, byte[] bytes) {
        return CompletableFuture.supplyAsync(() -> {
            var sent = 0;
            try {
                while (true) {
                    socket.getOutputStream().write(bytes);
                    sent++;
                }
            } catch (IOException closed) {
                return sent;
            }
        });
    }
}
