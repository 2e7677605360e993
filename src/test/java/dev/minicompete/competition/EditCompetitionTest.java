package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Requests.patch;
import static dev.minicompete.testing.Requests.register;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effects of an edit; {@link EditPreconditionTest} checks permissions and preconditions. */
@QuarkusTest
class EditCompetitionTest {

    private static final Instant DEADLINE = Instant.parse("2090-05-01T10:00:00Z");

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition = database.createCompetition(
            organizer.id(),
            Map.of(
                    "description",
                    "24hr coding",
                    "location",
                    "Berlin",
                    "capacity",
                    3,
                    "reg_deadline",
                    DEADLINE,
                    "starts_at",
                    DEADLINE,
                    "ends_at",
                    DEADLINE.plusSeconds(3600)));

    @Test
    void omittedMembersStayUnchanged() {
        var before = show();
        var after = edited("{\"title\":\"  Gamejam \"}");
        assertThat(after.getString("title")).isEqualTo("Gamejam");
        for (var member : before.<String, Object>getMap("$").keySet()) {
            if (!List.of("title", "version", "updatedAt").contains(member)) {
                assertThat(after.<Object>get(member)).as(member).isEqualTo(before.get(member));
            }
        }
        assertThat(after.getMap("$")).isEqualTo(show().getMap("$"));
    }

    @Test
    void nullResetsOptionalMembers() {
        edited("{\"startsAt\":\"2090-05-01T10:30:00Z\",\"tags\":[\"a\"],\"waitlist\":true}");
        var after = edited(
                "{\"location\":null,\"description\":null,\"tags\":null,\"endsAt\":null,\"waitlist\":null,\"startsAt\":null}");
        assertThat(after.getString("location")).isNull();
        assertThat(after.getString("description")).isEmpty();
        assertThat(after.getList("tags")).isEmpty();
        assertThat(after.getString("endsAt")).isNull();
        assertThat(after.getBoolean("waitlist")).isFalse();
        assertThat(after.getString("startsAt")).isEqualTo("2090-05-01T10:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "capacity", "regDeadline"})
    void requiredMembersCannotBeNull(String member) {
        assertInvalid(patch(organizer, competition, "{\"" + member + "\":null}"), "/" + member);
    }

    @Test
    void arraysAreReplaced() {
        edited("{\"tags\":[\"a\",\"b\"]}");
        assertThat(edited("{\"tags\":[\"c\"]}").getList("tags")).containsExactly((Object) "c");
    }

    @Test
    void editRaisesVersionAndChangesETag() {
        var first = patch(organizer, competition, "{\"title\":\"One\"}");
        var second = patch(organizer, competition, first.header("ETag"), "{\"title\":\"Two\"}");
        assertThat(second.jsonPath().getInt("version")).isEqualTo(3);
        assertThat(second.header("ETag")).isNotEqualTo(first.header("ETag"));
        assertThat(second.header("ETag")).isEqualTo(shown().header("ETag"));
        assertThat(Instant.parse(second.jsonPath().getString("updatedAt")))
                .isAfter(Instant.parse(first.jsonPath().getString("updatedAt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"capacity\":3}", "{\"title\":\" Hackathon \"}"})
    void editWithoutChangesKeepsTheVersion(String json) {
        assertThat(edited(json).getInt("version")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"capacity\":0}|/capacity",
                "{\"capacity\":1000001}|/capacity",
                "{\"capacity\":2.5}|/capacity",
                "{\"capacity\":\"5\"}|/capacity",
                "{\"title\":\" \"}|/title",
                "{\"title\":\"a\\nb\"}|/title",
                "{\"title\":7}|/title",
                "{\"regDeadline\":\"2090-05-01\"}|/regDeadline",
                "{\"startsAt\":\"2090-05-01T09:59:59Z\"}|/startsAt",
                "{\"endsAt\":\"2090-05-01T10:00:00Z\"}|/endsAt",
                "{\"waitlist\":\"true\"}|/waitlist",
                "{\"tags\":[\"a\",\"\"]}|/tags/1",
                "{\"version\":9}|/version",
                "{\"registered\":0}|/registered",
                "{\"nonsense\":null}|/nonsense",
                "{\"a/b~c\":1}|/a~1b~0c"
            })
    void invalidMemberIsReportedByPointer(String json, String pointer) {
        assertInvalid(patch(organizer, competition, json), pointer);
        assertThat(show().getInt("version")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"x\"", "{", "{} {}", "{\"title\":\"a\",\"title\":\"b\"}"})
    void patchMustBeAJsonObject(String body) {
        assertThat(patch(organizer, competition, body).statusCode()).isEqualTo(400);
    }

    @Test
    void deadlineInThePastClosesRegistration() {
        assertThat(edited("{\"regDeadline\":\"2020-01-01T00:00:00Z\"}").getString("status"))
                .isEqualTo("closed");
        assertThat(TestUser.participant()
                        .register(competition, "key")
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("registration-closed");
        assertThat(edited("{\"regDeadline\":\"2090-01-01T00:00:00Z\"}").getString("status"))
                .isEqualTo("open");
        register(TestUser.participant(), competition);
    }

    @Test
    void defaultStartFollowsALaterDeadline() {
        var after = edited("{\"regDeadline\":\"2090-05-01T10:30:00Z\"}");
        assertThat(after.getString("startsAt")).isEqualTo("2090-05-01T10:30:00Z");
        assertInvalid(patch(organizer, competition, "{\"regDeadline\":\"2090-05-01T11:30:00Z\"}"), "/endsAt");
    }

    @Test
    void explicitStartLimitsTheDeadline() {
        edited("{\"startsAt\":\"2090-05-01T10:15:00Z\"}");
        assertInvalid(patch(organizer, competition, "{\"regDeadline\":\"2090-05-01T10:30:00Z\"}"), "/startsAt");
    }

    @Test
    void capacityCannotGoBelowRegistrations() {
        TestUser.participants(2).forEach(one -> register(one, competition));
        var refused = patch(organizer, competition, "{\"capacity\":1}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("capacity-below-registrations");
        var full = edited("{\"capacity\":2}");
        assertThat(full.getString("status")).isEqualTo("full");
        assertThat(full.getInt("seatsLeft")).isZero();
        assertThat(TestUser.participant()
                        .register(competition, "key")
                        .jsonPath()
                        .getString("code"))
                .isEqualTo("competition-full");
    }

    @Test
    void waitlistClosesOnlyWhenEmpty() {
        edited("{\"capacity\":1,\"waitlist\":true}");
        TestUser.participants(2).forEach(one -> register(one, competition));
        var refused = patch(organizer, competition, "{\"waitlist\":false}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("waitlist-not-empty");
        edited("{\"capacity\":2}");
        assertThat(edited("{\"waitlist\":false}").getBoolean("waitlist")).isFalse();
    }

    @Test
    void registrationsChangeTheETagButMakeNoEditStale() {
        var before = shown().header("ETag");
        register(TestUser.participant(), competition);
        assertThat(shown().header("ETag")).isNotEqualTo(before);
        assertThat(patch(organizer, competition, before, "{\"title\":\"Two\"}").statusCode())
                .isEqualTo(200);
    }

    private JsonPath edited(String json) {
        var answer = patch(organizer, competition, json);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    private Response shown() {
        return given().get("/api/competitions/{id}", competition);
    }

    private JsonPath show() {
        return shown().jsonPath();
    }
}
