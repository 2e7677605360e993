package dev.minicompete.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.security.ApiDocument.Operation;
import dev.minicompete.security.Scene.Actor;
import dev.minicompete.testing.RawAnswer;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each endpoint admits the actors of {@link AccessTable}, and rejects others without any effect. */
@QuarkusTest
class AccessMatrixTest {

    private static final Map<Integer, String> CODES =
            Map.of(401, "authentication-required", 403, "forbidden", 404, "not-found", 409, "already-registered");

    private List<Operation> operations;

    @BeforeEach
    void read() {
        operations = ApiDocument.read().operations();
    }

    @Test
    void tableListsEveryEndpoint() {
        assertThat(operations)
                .extracting(Operation::name)
                .containsExactlyInAnyOrderElementsOf(AccessTable.statuses().keySet());
    }

    @ParameterizedTest
    @EnumSource
    void everyEndpointAnswersAsTheTableSays(Actor actor) {
        for (var operation : operations) {
            var scene = new Scene();
            var expected = AccessTable.statuses().get(operation.name()).get(actor);
            var before = Scene.state();
            var answer = call(scene, operation, actor);
            assertThat(answer.status())
                    .as("%s by %s: %s", operation, actor, answer.body())
                    .isEqualTo(expected);
            if (expected >= 400) {
                assertThat(answer.code()).as("%s by %s", operation, actor).isEqualTo(CODES.get(expected));
                assertThat(Scene.state()).as("%s by %s", operation, actor).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ANONYMOUS", "OTHER_PARTICIPANT", "OTHER_ORGANIZER"})
    void strangersSeeNoPersonalData(Actor stranger) {
        var scene = new Scene();
        var others = operations.stream().filter(operation -> !operation.path.startsWith("/api/auth/log"));
        for (var operation : others.toList()) {
            assertThat(call(scene, operation, stranger).body())
                    .as("%s by %s", operation, stranger)
                    .doesNotContain(scene.secrets())
                    .doesNotContain(scene.user(Actor.PARTICIPANT).id().toString());
        }
    }

    private static RawAnswer call(Scene scene, Operation operation, Actor actor) {
        var request = scene.request(operation, actor);
        if (operation.hasBody()) {
            request.body(operation.mediaType(), scene.body(operation).getBytes(UTF_8));
        }
        return request.send();
    }
}
