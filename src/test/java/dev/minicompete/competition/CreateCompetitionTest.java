package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertInvalid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class CreateCompetitionTest {

    private static final String DEADLINE = "2999-01-01T00:00:00Z";

    private final TestUser organizer = TestUser.organizer();

    @Test
    void omittedMembersHaveDefaults() {
        var answer = create(Map.of());
        assertThat(answer.statusCode()).isEqualTo(201);
        var body = answer.jsonPath();
        assertThat(body.getMap("$"))
                .containsOnlyKeys(
                        "id",
                        "organizer",
                        "title",
                        "description",
                        "location",
                        "tags",
                        "capacity",
                        "registered",
                        "seatsLeft",
                        "waitlist",
                        "waitlisted",
                        "regDeadline",
                        "startsAt",
                        "endsAt",
                        "status",
                        "version",
                        "createdAt",
                        "updatedAt")
                .containsEntry("title", "Hackathon")
                .containsEntry("description", "")
                .containsEntry("location", null)
                .containsEntry("tags", List.of())
                .containsEntry("capacity", 50)
                .containsEntry("registered", 0)
                .containsEntry("seatsLeft", 50)
                .containsEntry("waitlist", false)
                .containsEntry("waitlisted", 0)
                .containsEntry("regDeadline", DEADLINE)
                .containsEntry("startsAt", DEADLINE)
                .containsEntry("endsAt", null)
                .containsEntry("status", "open")
                .containsEntry("version", 1);
        assertThat(body.getString("organizer.id")).isEqualTo(organizer.id().toString());
        assertThat(body.getMap("organizer")).containsOnlyKeys("id", "name");
        assertThat(UUID.fromString(body.getString("id")).version()).isEqualTo(7);
        assertThat(Instant.parse(body.getString("createdAt")))
                .isBefore(Instant.now().plusSeconds(60));
    }

    @Test
    void responseHasLocationAndETag() {
        var answer = create(Map.of());
        var location = answer.header("Location");
        assertThat(location).endsWith("/api/competitions/" + answer.jsonPath().getString("id"));
        var seen = organizer.get(location.replaceFirst("^https?://[^/]+", ""));
        assertThat(seen.asString()).isEqualTo(answer.asString());
        assertThat(seen.header("ETag")).isEqualTo(answer.header("ETag")).matches("(W/)?\"[^\"]+\"");
    }

    @Test
    void givenMembersAreStored() {
        var given = Map.of(
                "title", "Ω 😀",
                "description", "two\nlines",
                "location", "Berlin",
                "tags", List.of("coding", "24h"),
                "capacity", 1_000_000,
                "startsAt", "2999-01-01T00:00:00.000001Z",
                "endsAt", "9999-12-31T23:59:59.999999Z",
                "waitlist", true);
        assertThat(create(given).jsonPath().getMap("$")).containsAllEntriesOf(given);
    }

    @Test
    void longestTextsAreAccepted() {
        var tags = IntStream.range(0, 10).mapToObj(i -> "😀".repeat(29) + i).toList();
        var longest = Map.of(
                "title",
                "😀".repeat(200),
                "description",
                "😀".repeat(2500) + "x".repeat(2500),
                "location",
                "😀".repeat(200),
                "tags",
                tags,
                "capacity",
                1);
        assertThat(create(longest).jsonPath().getMap("$")).containsAllEntriesOf(longest);
    }

    @ParameterizedTest
    @CsvSource({
        "2999-01-01T02:00:00+02:00, 2999-01-01T00:00:00Z",
        "2998-12-31T23:30:00-00:30, 2999-01-01T00:00:00Z",
        "2999-01-01t00:00:00.5z, 2999-01-01T00:00:00.500Z",
        "2999-01-01T00:00:00.1234567Z, 2999-01-01T00:00:00.123456Z"
    })
    void timestampsAcceptAnyOffset(String sent, String meant) {
        var seen = create(Map.of("regDeadline", sent)).jsonPath().getString("regDeadline");
        assertThat(Instant.parse(seen)).isEqualTo(Instant.parse(meant));
        assertThat(seen).endsWith("Z");
    }

    @Test
    void textsAreTrimmed() {
        var answer = create(Map.of("title", "\u2003 x \u00a0", "location", " y\t", "tags", List.of(" z ")));
        assertThat(answer.jsonPath().getMap("$"))
                .containsEntry("title", "x")
                .containsEntry("location", "y")
                .containsEntry("tags", List.of("z"));
    }

    @Test
    void nullMeansDefault() {
        var body = body(Map.of());
        List.of("description", "location", "tags", "startsAt", "endsAt", "waitlist")
                .forEach(name -> body.put(name, null));
        assertThat(organizer.post("/api/competitions", body).statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "capacity", "regDeadline"})
    void requiredMembersAreReported(String member) {
        var body = body(Map.of());
        body.remove(member);
        assertInvalid(organizer.post("/api/competitions", body), "/" + member);
        body.put(member, null);
        assertInvalid(organizer.post("/api/competitions", body), "/" + member);
    }

    static Stream<Arguments> invalid() {
        var rules = new ArrayList<Arguments>();
        Stream.of("", " ", "x".repeat(201), "a\u0007b", "a\nb", "\u200b", "a\u2028b", 5, true, List.of("x"))
                .forEach(title -> rules.add(Arguments.of("title", title, "/title")));
        Stream.of(0, -1, 1_000_001, 1.5, 1e3, "50", true, 3_000_000_000L, 1e300)
                .forEach(capacity -> rules.add(Arguments.of("capacity", capacity, "/capacity")));
        Stream.of(
                        "2020-01-01T00:00:00Z",
                        "2999-01-01",
                        "2999-01-01T00:00:00",
                        "2999-02-30T00:00:00Z",
                        "tomorrow",
                        "",
                        "10000-01-01T00:00:00Z",
                        "0000-01-01T00:00:00Z",
                        32472144000L,
                        "2999-01-01T24:00:00Z")
                .forEach(deadline -> rules.add(Arguments.of("regDeadline", deadline, "/regDeadline")));
        rules.add(Arguments.of("startsAt", "2998-12-31T23:59:59.999999Z", "/startsAt"));
        rules.add(Arguments.of("startsAt", "soon", "/startsAt"));
        rules.add(Arguments.of("endsAt", DEADLINE, "/endsAt"));
        rules.add(Arguments.of("endsAt", "2000-01-01T00:00:00Z", "/endsAt"));
        rules.add(Arguments.of("description", "x".repeat(5001), "/description"));
        rules.add(Arguments.of("description", Map.of(), "/description"));
        rules.add(Arguments.of("location", "x".repeat(201), "/location"));
        rules.add(Arguments.of("location", " ", "/location"));
        rules.add(Arguments.of("location", "a\u202eb", "/location"));
        rules.add(Arguments.of("tags", "coding", "/tags"));
        rules.add(Arguments.of("tags", List.of("a", ""), "/tags/1"));
        rules.add(Arguments.of("tags", List.of("x".repeat(31)), "/tags/0"));
        rules.add(Arguments.of("tags", List.of("a", 5), "/tags/1"));
        rules.add(Arguments.of("tags", List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"), "/tags"));
        rules.add(Arguments.of("waitlist", "true", "/waitlist"));
        rules.add(Arguments.of("waitlist", 1, "/waitlist"));
        rules.add(Arguments.of("colour", "red", "/colour"));
        rules.add(Arguments.of("registered", 0, "/registered"));
        return rules.stream();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalidValueIsReportedByPointer(String member, Object value, String pointer) {
        assertInvalid(create(Map.of(member, value)), pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00x", "\\ud83d \\ude00"})
    void unpairedSurrogateIsRejected(String escape) {
        var json = "{\"title\":\"x\",\"capacity\":1,\"regDeadline\":\"" + DEADLINE + "\",\"description\":\"a" + escape
                + "\"}";
        assertInvalid(organizer.post("/api/competitions", json), "/description");
    }

    @Test
    void pointerIsEscaped() {
        assertInvalid(create(Map.of("a/b~c", 1)), "/a~1b~0c");
    }

    private Response create(Map<String, ?> changes) {
        return organizer.post("/api/competitions", body(changes));
    }

    private static Map<String, Object> body(Map<String, ?> changes) {
        var body = new HashMap<String, Object>(Map.of("title", "Hackathon", "capacity", 50, "regDeadline", DEADLINE));
        body.putAll(changes);
        return body;
    }
}
