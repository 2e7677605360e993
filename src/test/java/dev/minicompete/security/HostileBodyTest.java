package dev.minicompete.security;

import static dev.minicompete.testing.Problems.assertProblem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.minicompete.security.ApiDocument.Operation;
import dev.minicompete.testing.RawAnswer;
import io.quarkus.test.junit.QuarkusTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each member of each body with each kind of invalid value, and malformed bodies. */
@QuarkusTest
class HostileBodyTest {

    private final Scene scene = new Scene();
    private ApiDocument document;
    private List<Operation> operations;

    @BeforeEach
    void read() {
        document = ApiDocument.read();
        operations = document.operations().stream().filter(Operation::hasBody).toList();
    }

    @Test
    void wrongValueIsReportedByPointer() {
        forEachProperty((operation, property) -> {
            var required = required(operation).contains(property.getKey());
            for (var value : WrongValues.of(property.getKey(), document.resolved(property.getValue()), required)) {
                var body = body(operation, property.getKey(), value);
                var answer = send(operation, operation.mediaType(), body.getBytes(UTF_8));
                assertThat(answer.status() + " " + answer.body())
                        .as("%s with %s = %s", operation, property.getKey(), abbreviated(value))
                        .startsWith("400 ");
                assertThat(answer.code())
                        .as("%s with %s = %s: %s", operation, property.getKey(), abbreviated(value), answer.body())
                        .isEqualTo(
                                value.length() > 1_500 && !value.startsWith("\"") ? "malformed-request" : "validation");
                assertProblem(answer, 400, answer.code());
                if (answer.code().equals("validation")) {
                    assertThat(answer.json().path("errors").findValuesAsText("pointer"))
                            .as("%s with %s = %s: %s", operation, property.getKey(), abbreviated(value), answer.body())
                            .isNotEmpty()
                            .allMatch(pointer -> pointer.startsWith("/" + property.getKey()));
                }
            }
        });
    }

    @Test
    void missingRequiredMemberIsReported() {
        forEachProperty((operation, property) -> {
            if (required(operation).contains(property.getKey()) && !operation.method.equals("PATCH")) {
                var body = operation
                        .example()
                        .deepCopy()
                        .without(property.getKey())
                        .toString();
                var answer =
                        assertProblem(send(operation, operation.mediaType(), body.getBytes(UTF_8)), 400, "validation");
                assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("/" + property.getKey());
            }
        });
    }

    @Test
    void duplicateMemberIsMalformed() {
        forEachProperty((operation, property) -> {
            var twice =
                    operation.example().toString().replaceFirst("\\{", "{\"%s\":null,".formatted(property.getKey()));
            assertRefused(operation, "twice " + property.getKey(), twice.getBytes(UTF_8), Set.of("malformed-request"));
        });
    }

    @Test
    void malformedBodyIsRejected() {
        var before = Scene.state();
        for (var operation : operations) {
            wrongBodies(operation.example().toString()).forEach((name, bytes) -> {
                if (bytes.length > 0 || operation.needsBody()) {
                    assertRefused(operation, name, bytes, Set.of("malformed-request", "validation"));
                }
            });
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    /** RFC 8259, section 8.1. Some editors and programs write one. */
    @Test
    void bodyMayBeginWithAByteOrderMark() {
        for (var operation : operations) {
            var allowed = AccessTable.allowed(operation.name());
            var fresh = new Scene();
            var answer = fresh.request(operation, allowed)
                    .body(operation.mediaType(), ("\ufeff" + fresh.body(operation)).getBytes(UTF_8))
                    .send();
            assertThat(answer.status())
                    .as("%s: %s", operation, answer)
                    .isEqualTo(AccessTable.statuses().get(operation.name()).get(allowed));
        }
    }

    private static Map<String, byte[]> wrongBodies(String good) {
        var bodies = new LinkedHashMap<String, byte[]>();
        for (var text : List.of(
                "",
                " ",
                "null",
                "true",
                "0",
                "\"\"",
                "[]",
                "[" + good + "]",
                "{",
                "}",
                "{]",
                good.substring(0, good.length() - 1),
                good + "}",
                good + good,
                good + ",",
                good + " x",
                good + "\u0000",
                "," + good,
                "\ufeff\ufeff" + good,
                good + "\ufeff",
                "\u00a0" + good,
                "/* */" + good,
                good + "// end",
                "# x\n" + good,
                good.replace('"', '\''),
                good.replace(":", "="),
                good.replaceFirst("\\}$", ",}"),
                good.replaceFirst("\\{\"", "{,\""),
                good.replaceFirst("\"(\\w+)\":", "$1:"),
                good.replaceFirst("\\{", "{\"admin\":true,"),
                good.replaceFirst("\\{", "{\"\":1,"),
                good.replaceFirst("\\{", "{\"__proto__\":{},"),
                good.replaceFirst("\\{", "{\"id\":\"0199a5e2-7c3d-7b4e-9f10-2a6b8c0d1e2f\","),
                good.replaceFirst("\\{", "{\"x\":NaN,"),
                good.replaceFirst("\\{", "{\"x\":-Infinity,"),
                good.replaceFirst("\\{", "{\"x\":1e999,"),
                good.replaceFirst("\\{", "{\"x\":" + "1".repeat(2_000) + ","),
                good.replaceFirst("\\{", "{\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + ","),
                good.replaceFirst("\\{", "{\"x\":" + "{\"x\":".repeat(9_000) + "1" + "}".repeat(9_000) + ","),
                "[".repeat(60_000),
                "{\"x\":".repeat(10_000),
                "{\"" + "x".repeat(60_000) + "\":1}",
                "a=1&b=2",
                "<a/>",
                "\u001f\u008b")) {
            bodies.put("text " + abbreviated(text), text.getBytes(UTF_8));
        }
        bodies.put("UTF-16 with a mark", good.getBytes(UTF_16));
        bodies.put("UTF-16", good.getBytes(UTF_16LE));
        bodies.put("Latin 1", good.replaceFirst("\\{", "{\"\u00e9\":1,").getBytes(ISO_8859_1));
        for (var octets :
                List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00e2\u0082")) {
            bodies.put(
                    "no UTF-8: " + octets,
                    good.replaceFirst(":\"[^\"]*\"", ":\"" + octets + "\"").getBytes(ISO_8859_1));
        }
        return bodies;
    }

    private void forEachProperty(BiConsumer<Operation, Map.Entry<String, JsonNode>> check) {
        var before = Scene.state();
        for (var operation : operations) {
            assertThat(operation.schema().path("properties"))
                    .as(operation.name())
                    .isNotEmpty();
            operation.schema().path("properties").properties().forEach(property -> check.accept(operation, property));
        }
        assertThat(Scene.state()).as("nothing has changed").isEqualTo(before);
    }

    private void assertRefused(Operation operation, String name, byte[] body, Set<String> codes) {
        var answer = send(operation, operation.mediaType(), body);
        assertThat(answer.status() + " " + answer.body())
                .as("%s with %s", operation, name)
                .startsWith("400 ");
        assertThat(codes).as("%s with %s", operation, name).contains(answer.code());
        assertProblem(answer, 400, answer.code());
    }

    private RawAnswer send(Operation operation, String mediaType, byte[] body) {
        return scene.request(operation, AccessTable.allowed(operation.name()))
                .body(mediaType, body)
                .send();
    }

    private static String body(Operation operation, String property, String value) {
        ObjectNode body = operation.example().deepCopy();
        body.put(property, "\u0000");
        return body.toString().replace("\"\\u0000\"", value);
    }

    private static Set<String> required(Operation operation) {
        var required = new TreeSet<String>();
        operation.schema().path("required").forEach(name -> required.add(name.asText()));
        return required;
    }

    private static String abbreviated(String text) {
        return text.length() <= 60 ? text : text.substring(0, 50) + "… (" + text.length() + ")";
    }
}
