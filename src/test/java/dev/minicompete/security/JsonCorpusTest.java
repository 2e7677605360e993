package dev.minicompete.security;

import static dev.minicompete.testing.Problems.assertProblem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.security.Scene.Actor;
import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The parser accepts JSON exactly as RFC 8259 defines it. */
@QuarkusTest
class JsonCorpusTest {

    private static final Pattern OCTET = Pattern.compile("\\\\x([0-9a-f]{2})");

    private final Scene scene = new Scene();

    /** Each value is sent in an unknown member: valid JSON is rejected for the name, anything else for its syntax. */
    @Test
    void jsonIsParsedAndAnythingElseIsMalformed() throws IOException {
        var before = Scene.state();
        for (var line : lines()) {
            var answer = edit("{\"x\":", line.substring(Math.min(2, line.length())), "}");
            assertThat(answer.code())
                    .as("%s: %s", line, answer.body())
                    .isEqualTo(line.startsWith("y ") ? "validation" : "malformed-request");
            assertProblem(answer, 400, answer.code());
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void recordsRejectMalformedJson() throws IOException {
        for (var line : lines()) {
            if (!line.startsWith("y")) {
                var body = bytes("{\"email\":\"a@example.com\",\"password\":"
                        + line.substring(Math.min(2, line.length())) + "}");
                var answer = new RawRequest("POST", "/api/auth/login")
                        .body("application/json", body)
                        .send();
                assertThat(answer.status()).as("%s: %s", line, answer.body()).isEqualTo(400);
                assertProblem(answer, 400, answer.code());
            }
        }
    }

    private RawAnswer edit(String... parts) {
        var target = "/api/competitions/" + scene.competition();
        return new RawRequest("PATCH", target)
                .as(scene.user(Actor.ORGANIZER))
                .header("If-Match", "*")
                .body("application/merge-patch+json", bytes(String.join("", parts)))
                .send();
    }

    /** The file has UTF-8, of which each octet is a character here until the end. */
    private static List<String> lines() throws IOException {
        try (var file = JsonCorpusTest.class.getResourceAsStream("/json-values.txt")) {
            var lines = new String(file.readAllBytes(), ISO_8859_1)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isEmpty())
                    .toList();
            assertThat(lines).hasSizeGreaterThan(150).allMatch(line -> line.matches("[yn]( .*)?"));
            return lines;
        }
    }

    private static byte[] bytes(String line) {
        return OCTET.matcher(line)
                .replaceAll(octet -> Matcher.quoteReplacement(new String(
                        new byte[] {(byte) Integer.parseInt(octet.group(1), 16)}, ISO_8859_1)))
                .getBytes(ISO_8859_1);
    }
}
