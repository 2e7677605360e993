package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header Idempotency-Key on the wire. */
@QuarkusTest
class KeyHeaderTest {

    private final TestUser alice = TestUser.participant();
    private final UUID competition = TestServers.database().createCompetition(5);

    @Test
    void missingKeyIsRejected() {
        var answer = alice.request().noContentType().post("/api/competitions/{id}/register", competition);
        assertProblem(answer, 400, "idempotency-key-missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"\"", "\"", "\"abc", "abc\"", "a b", "\"a b\"", "a\tb"})
    void invalidKeyIsRejected(String key) {
        assertProblem(alice.register(competition, key), 400, "idempotency-key-invalid");
    }

    @Test
    void keyIsLimitedTo255Characters() {
        assertProblem(alice.register(competition, "k".repeat(256)), 400, "idempotency-key-invalid");
        assertProblem(alice.register(competition, '"' + "k".repeat(256) + '"'), 400, "idempotency-key-invalid");
        assertThat(alice.register(competition, '"' + "k".repeat(255) + '"').statusCode())
                .isEqualTo(201);
        assertThat(alice.register(competition, "k".repeat(255)).header("Idempotent-Replayed"))
                .isEqualTo("true");
    }

    @Test
    void visibleAsciiIsAccepted() {
        assertThat(alice.register(competition, "!#$%&'*+-./:;<=>?@[]^_`{|}~\\a\"b")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void twoKeysAreRejected() {
        var answer = alice.request()
                .noContentType()
                .header("Idempotency-Key", "a", "a")
                .post("/api/competitions/{id}/register", competition);
        assertProblem(answer, 400, "idempotency-key-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Idempotency-Key: gr\u00fc\u00dfe\r\n", "Idempotency-Key:\r\n"})
    void nonAsciiOrEmptyKeyIsRejected(String header) {
        assertThat(send(header)).startsWith("HTTP/1.1 400").contains("idempotency-key-invalid");
    }

    /** Blank and malformed Accept headers count as absent. The negotiation must not fail after the seat is taken. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                ", application/json",
                "x",
                "/",
                "a/b/c",
                "application/json;q=x",
                "application/json;q=2",
                "image/png, x"
            })
    void blankOrMalformedAcceptGetsTheRegistration(String accept) {
        var header = "Idempotency-Key: accept\r\nAccept: " + accept + "\r\n";
        assertThat(send(header)).startsWith("HTTP/1.1 201").contains("application/json");
        assertThat(send(header)).startsWith("HTTP/1.1 201").containsIgnoringCase("Idempotent-Replayed: true");
    }

    @Test
    void headerNameIsCaseInsensitive() {
        assertThat(send("idempotency-KEY: abc\r\n")).startsWith("HTTP/1.1 201");
    }

    private String send(String header) {
        return RawHttp.send("POST /api/competitions/" + competition + "/register HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\nContent-Length: 0\r\nAuthorization: Bearer " + alice.token() + "\r\n" + header
                + "\r\n");
    }
}
