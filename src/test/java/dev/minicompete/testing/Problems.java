package dev.minicompete.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import java.util.List;
import java.util.Map;

/** What is true of every error, so that each test of an error tests all of it. */
public final class Problems {

    private Problems() {}

    /** Asserts that the answer is this problem and nothing but a well-formed problem; returns it for more. */
    public static Response assertProblem(Response answer, int status, String code) {
        assertThat(answer.statusCode() + " " + answer.asString())
                .as("status and body")
                .startsWith(status + " ");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        Map<String, Object> body = answer.jsonPath().getMap("$");
        assertThat(body)
                .containsEntry("type", "urn:mini-compete:problem:" + code)
                .containsEntry("code", code)
                .containsEntry("status", status)
                .containsKeys("title", "detail");
        assertThat(answer.asString())
                .as("nothing of the inside")
                .doesNotContain("Exception", "dev.minicompete", "java.", "\\tat ", "SELECT ", "constraint");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertSecurityHeaders(answer);
        assertThat(answer.headers().hasHeaderWithName("WWW-Authenticate"))
                .as("a challenge with 401 and 403, except for a failed login")
                .isEqualTo((status == 401 || status == 403) && !code.equals("bad-credentials"));
        if (List.of("too-many-requests", "unavailable", "request-in-progress").contains(code)) {
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        }
        return answer;
    }

    /** Asserts that the request is refused as invalid for exactly these values. */
    public static void assertInvalid(Response answer, String... pointers) {
        assertProblem(answer, 400, "validation");
        assertThat(answer.jsonPath().getList("errors.pointer", String.class)).containsExactly(pointers);
        assertThat(answer.jsonPath().getList("errors.detail", String.class)).allMatch(detail -> !detail.isBlank());
    }

    /** Asserts what every answer carries, whatever it is. */
    public static void assertSecurityHeaders(Response answer) {
        assertThat(answer.headers().getValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(answer.headers().getValues("Referrer-Policy")).hasSize(1);
        assertThat(answer.headers().getValues("Content-Security-Policy")).hasSize(1);
    }
}
