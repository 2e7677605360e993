package dev.minicompete.testing;

import static dev.minicompete.testing.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import java.util.List;

/** What is true of every error, so that each test of an error tests all of it. */
public final class Problems {

    private Problems() {}

    /** Asserts that the answer is this problem and nothing but a well-formed problem; returns it for more. */
    public static Response assertProblem(Response answer, int status, String code) {
        assertProblem(RawAnswer.of(answer), status, code);
        return answer;
    }

    /** The same for an answer as it came over the wire. */
    public static RawAnswer assertProblem(RawAnswer answer, int status, String code) {
        assertThat(answer.status() + " " + answer.body()).as("status and body").startsWith(status + " ");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        var body = answer.json();
        assertThat(body.path("type").asText()).isEqualTo("urn:mini-compete:problem:" + code);
        assertThat(body.path("code").asText()).isEqualTo(code);
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("title").asText()).isNotBlank();
        assertThat(body.path("detail").asText()).isNotBlank();
        assertThat(answer.body())
                .as("nothing of the inside")
                .doesNotContain("Exception", "dev.minicompete", "java.", "\\tat ", "SELECT ", "constraint");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertSecurityHeaders(answer);
        assertThat(answer.headers().containsKey("WWW-Authenticate"))
                .as("a challenge with 401 and 403, except for a failed log-in")
                .isEqualTo((status == 401 || status == 403) && !code.equals("bad-credentials"));
        if (List.of("too-many-requests", "unavailable", "request-in-progress").contains(code)) {
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        }
        return answer;
    }

    /** Asserts that the request is refused as invalid for exactly these values. */
    public static void assertInvalid(Response answer, String... pointers) {
        assertProblem(answer, 400, "validation");
        assertThat(json(answer).path("errors").findValuesAsText("pointer")).containsExactly(pointers);
        assertThat(json(answer).path("errors").findValuesAsText("detail")).allMatch(detail -> !detail.isBlank());
    }

    /** Asserts what every answer carries, whatever it is. */
    public static void assertSecurityHeaders(Response answer) {
        assertSecurityHeaders(RawAnswer.of(answer));
    }

    /** The same for an answer as it came over the wire. */
    public static void assertSecurityHeaders(RawAnswer answer) {
        assertThat(answer.headers().get("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(answer.headers().get("Referrer-Policy")).hasSize(1);
        assertThat(answer.headers().get("Content-Security-Policy")).hasSize(1);
    }
}
