package dev.minicompete.security;

import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.security.ApiDocument.Operation;
import dev.minicompete.security.Scene.Actor;
import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other spellings of a path, and headers that name another path, give no access. */
@QuarkusTest
class HostilePathTest {

    /** Spellings of a path that some proxies or routers take for another path. */
    private static final List<UnaryOperator<String>> SPELLINGS = List.of(
            path -> path + ";x",
            path -> path + ";x=1/../",
            path -> path + "%3Bx",
            path -> path.replaceFirst("/api", "/api;x=y"),
            path -> path.replaceFirst("/api", "//api"),
            path -> path.replaceFirst("/api/", "/api//"),
            path -> path.replaceFirst("/api/", "/api/./"),
            path -> path.replaceFirst("/api/", "/api/x/../"),
            path -> path.replaceFirst("/api/", "/x/../api/"),
            path -> path.replaceFirst("/api/", "/api%2F"),
            path -> path.replaceFirst("/api/", "/api%2f"),
            path -> path.replaceFirst("/api/", "/api%5C"),
            path -> path.replaceFirst("/api/", "/%61pi/"),
            path -> path.replaceFirst("/api/", "/ap%69/"),
            path -> path.replaceFirst("/api/", "/%2561pi/"),
            path -> path.replaceFirst("/api/", "/api/%2e/"),
            path -> path.replaceFirst("/api/", "/api/%2e%2e/api/"),
            path -> path.replaceFirst("/api/", "/api/..;/api/"),
            path -> path.replaceFirst("/api/", "/q/openapi/../../api/"),
            path -> path + "/.",
            path -> path + "/..",
            path -> path + "//",
            path -> path + "%20",
            path -> path + "%00",
            path -> path + "%0d%0aX-Injected:%201",
            path -> path + "%23",
            path -> path + "%3Fx",
            path -> path + "\u00e9",
            path -> path.toUpperCase(Locale.ROOT));

    private Scene scene;
    private List<Operation> operations;

    @BeforeEach
    void read() {
        scene = new Scene();
        operations = ApiDocument.read().operations().stream()
                .filter(operation -> operation.path.startsWith("/api/"))
                .toList();
    }

    @Test
    void otherSpellingsOfAPathAreNotFound() {
        var before = Scene.state();
        for (var operation : operations) {
            for (var actor : List.of(Actor.ANONYMOUS, AccessTable.allowed(operation.name()))) {
                for (var spelling : SPELLINGS) {
                    var target = spelling.apply(scene.target(operation));
                    var answer = scene.request(operation, actor, target).send();
                    assertThat(answer.code())
                            .as("%s %s by %s: %s", operation.method, target, actor, answer)
                            .isEqualTo("not-found");
                    assertProblem(answer, 404, "not-found");
                }
            }
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void trailingSlashOrDotGrantsNoAccess() {
        for (var operation : operations) {
            for (var end : List.of("/", ".")) {
                var expected = AccessTable.statuses().get(operation.name()).get(Actor.ANONYMOUS);
                var answer = scene.request(operation, Actor.ANONYMOUS, scene.target(operation) + end)
                        .send();
                if (expected == 401) {
                    assertThat(answer.status()).as(operation + end).isIn(401, 404, 405);
                }
                assertThat(answer.status()).as(operation + end).isLessThan(500);
            }
        }
    }

    @Test
    void headersCannotOverrideMethodOrPath() {
        var before = Scene.state();
        for (var header : List.of(
                "X-HTTP-Method-Override",
                "X-HTTP-Method",
                "X-Method-Override",
                "_method",
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-Original-URI",
                "X-Forwarded-URI",
                "X-Forwarded-Path",
                "X-Forwarded-Prefix",
                "X-Override-URL",
                "Destination")) {
            for (var operation : operations) {
                var method = header.toLowerCase(Locale.ROOT).contains("method");
                var target = scene.target(operation);
                var answer = method
                        ? new RawRequest("GET", "/api/competitions")
                                .header(header, operation.method)
                                .send()
                        : new RawRequest("GET", "/api/nothing")
                                .header(header, target)
                                .send();
                assertThat(answer.status()).as("%s: %s", header, target).isEqualTo(method ? 200 : 404);
            }
            var competition = scene.target(operations.stream()
                    .filter(one -> one.method.equals("PATCH"))
                    .findFirst()
                    .orElseThrow());
            var overridden = new RawRequest("POST", competition)
                    .as(scene.user(Actor.ORGANIZER))
                    .header(header, "PATCH")
                    .header("If-Match", "*")
                    .json("{\"title\":\"Overridden\"}")
                    .send();
            assertThat(overridden.status()).as(header).isEqualTo(405);
        }
        assertThat(Scene.state()).isEqualTo(before);
    }

    @Test
    void idempotencyKeyAppliesToTheIdInUpperAndLowerCase() {
        var database = TestServers.database();
        var competition = database.createCompetition(1);
        TestUser.participant().register(competition, "key");
        var participant = TestUser.participant();
        assertProblem(participant.register(competition, "key"), 409, "competition-full");
        database.execute("UPDATE competitions SET capacity = 2 WHERE id = ?", competition);
        var path = "/api/competitions/" + competition.toString().toUpperCase(Locale.ROOT) + "/register";
        var replayed = new RawRequest("POST", path)
                .as(participant)
                .header("Idempotency-Key", "key")
                .send();
        assertProblem(replayed, 409, "competition-full");
        assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
    }
}
