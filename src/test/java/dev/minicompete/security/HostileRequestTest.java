package dev.minicompete.security;

import static dev.minicompete.testing.Problems.assertProblem;
import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.security.ApiDocument.Operation;
import dev.minicompete.security.Scene.Actor;
import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.RawRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each endpoint with malformed ids and parameters, and with unsupported media types and methods. */
@QuarkusTest
class HostileRequestTest {

    private static final List<String> NO_IDS = List.of(
            "x",
            "0",
            "-1",
            "null",
            "01920000-0000-7000-8000-000000000000",
            "01920000-0000-7000-8000-00000000000",
            "01920000-0000-7000-8000-0000000000000",
            "01920000000070008000000000000000",
            "1-1-1-1-1",
            "'%20OR%20'1'='1",
            "%00",
            "%2e%2e",
            "*",
            "$1",
            "\u00e9",
            "a".repeat(2_000));

    /** By name of the parameter; "" is for all. An empty value counts as absent. */
    private static final Map<String, List<String>> NO_VALUES = Map.of(
            "limit",
            List.of(
                    "0",
                    "-1",
                    "101",
                    "1.5",
                    "1e1",
                    "0x10",
                    "+5",
                    "%205",
                    "5%20",
                    "05",
                    "x",
                    "null",
                    "NaN",
                    "2147483648",
                    "9".repeat(2_000),
                    "%EF%BC%95",
                    "%D9%A3",
                    "5%00"),
            "cursor",
            List.of("x", "AAAA", "%00", "=", "%2B%2F", "null", "A".repeat(38), "A".repeat(3_000), "%F0%9F%98%80"),
            "organizerId",
            List.of("x", "1-1-1-1-1", "%00", "01920000-0000-7000-8000-00000000000", "'%20OR%201=1--"),
            "sort",
            List.of("title", "-regDeadline", "startsat", "startsAt,id", "%00"),
            "status",
            List.of("OPEN", "open,full", "x", "%00", "'"),
            "unread",
            List.of("1", "TRUE", "yes", "%00"),
            "bom",
            List.of("1", "TRUE", "yes", "%00"),
            "q",
            List.of("%00", "a%00b", "x".repeat(201)),
            "tag",
            List.of("%00", "a%00"));

    private Scene scene;
    private List<Operation> operations;
    private String before;

    @BeforeEach
    void read() {
        operations = ApiDocument.read().operations();
        scene = new Scene();
        before = Scene.state();
    }

    @Test
    void malformedIdIsNotFound() {
        withParameter(
                "path",
                (operation, actor) -> NO_IDS.forEach(id -> {
                    var request = scene.request(operation, actor, Scene.target(operation, id));
                    var answer =
                            operation.hasBody() ? withBody(operation, request).send() : request.send();
                    assertThat(answer.code())
                            .as("%s with %s: %s", operation, id, answer)
                            .isEqualTo("not-found");
                    assertProblem(answer, 404, "not-found");
                }));
    }

    @Test
    void malformedQueryParameterIsInvalid() {
        withParameter("query", (operation, actor) -> {
            for (var name : operation.parameters("query")) {
                if (name.equals("kind") && operation.path.endsWith("failed-jobs")) {
                    continue; // The kinds of failed jobs are those that there are.
                }
                for (var value : name.equals("kind") ? NO_VALUES.get("status") : NO_VALUES.get(name)) {
                    var target = scene.target(operation) + "?" + name + "=" + value;
                    var answer = scene.request(operation, actor, target).send();
                    assertThat(answer.code())
                            .as("%s %s: %s", operation, target, answer)
                            .isEqualTo("validation");
                    assertProblem(answer, 400, "validation");
                    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(name);
                }
            }
        });
    }

    @Test
    void brokenQueryIsNoServerError() {
        withParameter("query", (operation, actor) -> {
            for (var query : List.of(
                    "q=%ff",
                    "q=%ed%a0%80",
                    "q=%c0%af",
                    "kind=%00",
                    "%00=%00",
                    "=",
                    "&&&",
                    "limit[]=5",
                    "unknown=1",
                    "a".repeat(3_000),
                    "q=" + "%20".repeat(500))) {
                var answer = scene.request(operation, actor, scene.target(operation) + "?" + query)
                        .send();
                assertThat(answer.status())
                        .as("%s?%s: %s", operation, query, answer)
                        .isIn(200, 400);
                if (answer.status() == 400) {
                    assertProblem(answer, 400, answer.code());
                }
            }
        });
    }

    @Test
    void bodyOfAnotherMediaTypeIsUnsupported() {
        for (var operation : operations.stream().filter(Operation::hasBody).toList()) {
            for (var type : new String[] {
                null,
                "",
                "text/plain",
                "text/json",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json-patch+json",
                "application/jsonx",
                "application",
                "application/*",
                "*/*",
                "/",
                "json",
                "application/json, text/plain",
                "\u00e9"
            }) {
                var body = operation.example().toString().getBytes(UTF_8);
                var answer = scene.request(operation, AccessTable.allowed(operation.name()))
                        .body(type, body)
                        .send();
                assertThat(answer.code())
                        .as("%s as %s: %s", operation, type, answer)
                        .isEqualTo("unsupported-media-type");
                assertProblem(answer, 415, "unsupported-media-type");
            }
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void bodyWithTwoMediaTypesOrCompressedIsUnsupported() {
        for (var operation : operations.stream().filter(Operation::hasBody).toList()) {
            for (var header : Map.of("Content-Type", "text/plain", "Content-Encoding", "gzip")
                    .entrySet()) {
                var answer = good(operation, request -> request.header(header.getKey(), header.getValue()));
                assertThat(answer.code())
                        .as("%s with %s: %s", operation, header, answer)
                        .isEqualTo("unsupported-media-type");
            }
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void tokenIsCheckedBeforeMediaType() {
        for (var operation : operations.stream().filter(Operation::hasBody).toList()) {
            var statuses = AccessTable.statuses().get(operation.name());
            for (var actor : List.of(Actor.ANONYMOUS, Actor.PARTICIPANT, Actor.ORGANIZER)) {
                var expected = statuses.get(actor);
                if (expected == 401 || expected == 403) {
                    for (var type : List.of("text/plain", "json", "application/json, text/plain", ";;;", "\u00e9")) {
                        var answer = scene.request(operation, actor)
                                .body(type, "x".getBytes(UTF_8))
                                .send();
                        assertThat(answer.status())
                                .as("%s by %s as %s", operation, actor, type)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void unacceptableResponseTypeIs406WithoutEffect() {
        for (var operation : operations) {
            var success = AccessTable.statuses().get(operation.name()).get(AccessTable.allowed(operation.name()));
            var answer = good(operation, request -> request.header("Accept", "image/png"));
            if (success != 204) {
                assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(406);
                assertProblem(answer, 406, "not-acceptable");
            }
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "*",
                "application/*",
                "x",
                "/",
                "application/json;q=2",
                "application/json;q=x",
                "a/b/c",
                "\u00e9"
            })
    void anyAcceptHeaderIsNoServerError(String accept) {
        for (var operation :
                operations.stream().filter(one -> one.method.equals("GET")).toList()) {
            var answer = good(operation, request -> request.header("Accept", accept));
            assertThat(answer.status()).as("%s: %s", operation, answer).isIn(200, 400, 406);
            if (answer.status() >= 400) {
                assertProblem(answer, answer.status(), answer.code());
            }
        }
    }

    @Test
    void blankHeadersCountAsAbsent() {
        for (var operation : operations) {
            var allowed = AccessTable.allowed(operation.name());
            var fresh = new Scene();
            var request = fresh.request(operation, allowed);
            List.of(
                            "Accept",
                            "Accept-Charset",
                            "Accept-Encoding",
                            "Accept-Language",
                            "Cache-Control",
                            "Content-Encoding",
                            "Cookie",
                            "Expect",
                            "Forwarded",
                            "HX-Request",
                            "If-Modified-Since",
                            "If-None-Match",
                            "Origin",
                            "Prefer",
                            "Range",
                            "Referer",
                            "Sec-Fetch-Site",
                            "Traceparent",
                            "User-Agent",
                            "X-Forwarded-For",
                            "X-Forwarded-Proto",
                            "X-Request-Id")
                    .forEach(name -> request.header(name, " "));
            if (operation.hasBody()) {
                request.body(operation.mediaType(), fresh.body(operation).getBytes(UTF_8));
            }
            var answer = request.send();
            assertThat(answer.status())
                    .as("%s: %s", operation, answer)
                    .isEqualTo(AccessTable.statuses().get(operation.name()).get(allowed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TRACE", "TRACK", "CONNECT", "PUT", "PROPFIND", "PURGE", "LINK", "BREW", "get", "PATCHY", "X-Y"})
    void unknownMethodIs405(String method) {
        for (var operation : operations) {
            var request = new RawRequest(method, scene.target(operation))
                    .as(scene.user(Actor.ORGANIZER))
                    .header("X-Secret", "echo");
            var answer = request.send();
            assertThat(answer.code()).as("%s %s: %s", method, operation, answer).isEqualTo("method-not-allowed");
            assertProblem(answer, 405, "method-not-allowed");
            assertThat(answer.header("Allow")).contains(operation.method).doesNotContain("TRACE");
            assertThat(answer.body()).doesNotContain("echo");
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void optionsListsTheAllowedMethods() {
        for (var operation : operations) {
            var target = scene.target(operation);
            var told = new RawRequest("OPTIONS", target).send();
            assertThat(told.status()).as(operation.name()).isEqualTo(200);
            var refused = new RawRequest("BREW", target).send();
            assertThat(told.header("Allow")).as(operation.name()).isEqualTo(refused.header("Allow"));
        }
        assertProblem(new RawRequest("OPTIONS", "/api/nothing").send(), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a@b", "a/b", "[::1", "[::1]x", "[x]", "%zz", "<", "a, b"})
    void malformedHostIsRejected(String host) {
        for (var operation : operations) {
            var answer = RawHttp.send("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                    .formatted(operation.method, scene.target(operation), host));
            assertThat(answer)
                    .as("%s at %s", operation, host)
                    .startsWith("HTTP/1.1 400")
                    .contains("\"code\":\"malformed-request\"");
        }
    }

    @Test
    void everyResponseHasTheSecurityHeaders() {
        for (var operation : operations) {
            var answer = good(operation, request -> {});
            assertSecurityHeaders(answer);
            assertThat(answer.headers()).as(operation.name()).doesNotContainKeys("Server", "X-Powered-By");
            assertThat(answer.header("X-Request-Id")).isNotBlank();
            if (!Set.of("GET /.well-known/jwks.json").contains(operation.name())) {
                assertThat(answer.header("Cache-Control")).as(operation.name()).isEqualTo("no-store");
            }
        }
    }

    private interface Check {
        void of(Operation operation, Actor actor);
    }

    private void withParameter(String in, Check check) {
        var having = operations.stream()
                .filter(operation -> !operation.parameters(in).isEmpty())
                .toList();
        assertThat(having).isNotEmpty();
        having.forEach(operation -> check.of(operation, AccessTable.allowed(operation.name())));
        assertThat(Scene.state()).as("nothing has changed").isEqualTo(before);
    }

    private RawAnswer good(Operation operation, Consumer<RawRequest> change) {
        var request = scene.request(operation, AccessTable.allowed(operation.name()));
        change.accept(request);
        return (operation.hasBody() ? withBody(operation, request) : request).send();
    }

    private static RawRequest withBody(Operation operation, RawRequest request) {
        return request.body(
                operation.mediaType(), operation.example().toString().getBytes(UTF_8));
    }
}
