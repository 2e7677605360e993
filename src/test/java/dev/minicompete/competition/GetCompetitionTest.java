package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class GetCompetitionTest {

    private static final Instant PAST = Instant.now().minus(Duration.ofHours(1));

    private final TestDatabase database = TestServers.database();

    @Test
    void anybodyMaySeeACompetition() {
        var id = database.createCompetition(3);
        assertThat(get(id).statusCode()).isEqualTo(200);
        assertThat(TestUser.participant().get("/api/competitions/{id}", id).statusCode())
                .isEqualTo(200);
    }

    @Test
    void idIsCaseInsensitive() {
        var id = database.createCompetition(3);
        var upper = id.toString().toUpperCase(Locale.ROOT);
        assertThat(given().get("/api/competitions/" + upper).asString()).isEqualTo(get(id).asString());
    }

    @Test
    void statusFollowsItsPriority() {
        var organizer = database.createOrganizer();
        assertThat(status(organizer, Map.of())).isEqualTo("open");
        assertThat(status(organizer, Map.of("capacity", 2, "registered", 2))).isEqualTo("full");
        assertThat(status(organizer, Map.of("capacity", 2, "registered", 2, "reg_deadline", PAST)))
                .isEqualTo("closed");
        assertThat(status(organizer, Map.of("cancelled_at", PAST, "reg_deadline", PAST)))
                .isEqualTo("cancelled");
    }

    @Test
    void matchingETagAnswers304WithoutBody() {
        var id = database.createCompetition(3);
        var tag = get(id).header("ETag");
        for (var header : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            var answer = given().header("If-None-Match", header).get("/api/competitions/{id}", id);
            assertThat(answer.statusCode()).as(header).isEqualTo(304);
            assertThat(answer.asString()).isEmpty();
            assertThat(answer.header("ETag")).isEqualTo(tag);
            assertSecurityHeaders(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "W/\"other\"", "other", "\"", ""})
    void otherETagAnswersTheCompetition(String header) {
        var answer =
                given().header("If-None-Match", header).get("/api/competitions/{id}", database.createCompetition(3));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void eTagChangesWithSeatsAndStatus() {
        var id = database.createCompetition(1);
        var open = get(id).header("ETag");
        TestUser.participant().register(id, "key");
        var full = get(id).header("ETag");
        database.execute("UPDATE competitions SET reg_deadline = now() WHERE id = ?", id);
        var closed = get(id).header("ETag");
        database.execute("UPDATE competitions SET cancelled_at = now() WHERE id = ?", id);
        var cancelled = get(id).header("ETag");
        assertThat(new String[] {open, full, closed, cancelled}).doesNotHaveDuplicates();
    }

    private String status(UUID organizer, Map<String, ?> columns) {
        return get(database.createCompetition(organizer, columns)).jsonPath().getString("status");
    }

    private static Response get(UUID id) {
        return given().get("/api/competitions/{id}", id);
    }
}
