package dev.minicompete.platform.http.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class RequestIdTest {

    @ParameterizedTest
    @CsvSource({
        "GET, /api/competitions, 200",
        "GET, /api/auth/me, 401",
        "GET, /api/nothing, 404",
        "GET, /api/competitions;x, 404",
        "GET, /nothing, 404",
        "GET, /q/openapi, 200",
        "DELETE, /api/competitions, 405",
        "TRACE, /api/competitions, 405",
        "POST, /api/auth/login, 400",
        "OPTIONS, /api/competitions, 200",
        "HEAD, /api/competitions, 200"
    })
    void everyResponseHasRequestId(String method, String path, int status) {
        var answer = new RawRequest(method, path)
                .header("X-Request-Id", "Abc-123_x.y")
                .header("Content-Length", "0")
                .header("Content-Type", "application/json")
                .send();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().get("X-Request-Id")).containsExactly("Abc-123_x.y");
    }

    @Test
    void rejectedBodyHasRequestId() {
        var answer = new RawRequest("POST", "/api/auth/login")
                .header("X-Request-Id", "large")
                .body("application/json", new byte[70_000])
                .send();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("X-Request-Id")).isEqualTo("large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\tb",
                "\u00e9",
                "a,b",
                "<script>",
                "\"x\"",
                "a;b",
                "${jndi:ldap://x}",
                "%0d%0a",
                "a/b"
            })
    void malformedIdIsReplaced(String id) {
        assertThat(answeredTo(id)).isNotEqualTo(id).matches("[0-9a-f-]{36}");
    }

    @Test
    void idHasAtMost64Characters() {
        assertThat(answeredTo("x".repeat(64))).isEqualTo("x".repeat(64));
        assertThat(answeredTo("x".repeat(65))).hasSize(36);
    }

    @Test
    void eachRequestWithoutIdGetsItsOwn() {
        assertThat(IntStream.range(0, 20).mapToObj(i -> answeredTo(null)).collect(Collectors.toSet()))
                .hasSize(20)
                .allMatch(id -> id.matches("[0-9a-f-]{36}"));
    }

    private static String answeredTo(String id) {
        return new RawRequest("GET", "/api/competitions")
                .header("X-Request-Id", id)
                .send()
                .header("X-Request-Id");
    }
}
