package dev.minicompete.platform.http.limits;

import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BodyLimitTest {

    private static final int LIMIT = 64 * 1024;
    private static final int FORM_LIMIT = 128 * 1024;

    @Test
    void bodyOfMaximumSizeIsAccepted() {
        var answer = given().contentType(ContentType.JSON).body(padded(LIMIT)).post("/api/auth/login");
        assertProblem(answer, 400, "validation");
    }

    @Test
    void bodyOverLimitIsRejected() {
        var answer =
                given().contentType(ContentType.JSON).body(padded(LIMIT + 1)).post("/api/auth/login");
        assertProblem(answer, 413, "payload-too-large");
    }

    @Test
    void formsHaveALimitOfTheirOwn() {
        for (var path : new String[] {"/login", "/organizer/competitions"}) {
            var form = given().contentType(ContentType.URLENC.withCharset("UTF-8"))
                    .body("x=" + "y".repeat(FORM_LIMIT - 2))
                    .post(path);
            assertThat(form.statusCode()).isEqualTo(403);
            var larger = given().contentType(ContentType.URLENC.withCharset("UTF-8"))
                    .body("x=" + "y".repeat(FORM_LIMIT - 1))
                    .post(path);
            assertProblem(larger, 413, "payload-too-large");
            assertThat(larger.asString()).contains("128 KiB");
        }
        assertProblem(given().body(padded(LIMIT + 1)).post("/api"), 413, "payload-too-large");
        assertProblem(given().body(padded(LIMIT + 1)).post("/q/openapi"), 413, "payload-too-large");
    }

    @Test
    void hugeContentLengthIsRejectedBeforeBody() {
        var answer = RawHttp.send("""
            POST /api/auth/login HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Content-Length: 9000000000000000000\r
            \r
            """);
        assertTooLarge(answer);
    }

    @Test
    void chunkedBodyOverLimitIsRejected() {
        assertTooLarge(RawHttp.send(chunked(padded(LIMIT), "x")));
    }

    @Test
    void chunkedBodyOfMaximumSizeIsAccepted() {
        var answer = RawHttp.send(chunked(padded(LIMIT - 1), " "));
        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"validation\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 2", "Transfer-Encoding: chunked"})
    void clientThatExpectsContinueGetsIt(String length) throws IOException {
        try (var socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("""
                POST /api/auth/login HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Expect: 100-continue\r
                %s\r
                \r
                """.formatted(length).getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
                    .isEqualTo("HTTP/1.1 100");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, LIMIT})
    void bodyOfGetIsIgnored(int length) {
        var answer = TestUser.organizer().request().body(padded(length)).get("/api/competitions");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static void assertTooLarge(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("content-type: application/problem+json")
                .containsIgnoringCase("x-content-type-options: nosniff")
                .contains("\"code\":\"payload-too-large\"");
    }

    /** An empty object followed by white space. */
    private static String padded(int length) {
        return "{}" + " ".repeat(Math.max(0, length - 2));
    }

    private static String chunked(String... chunks) {
        var request = new StringBuilder("""
            POST /api/auth/login HTTP/1.1\r
            Host: localhost\r
            Connection: close\r
            Content-Type: application/json\r
            Transfer-Encoding: chunked\r
            \r
            """);
        for (var chunk : chunks) {
            request.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return request.append("0\r\n\r\n").toString();
    }
}
