package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Requests.items;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters and orders. Each test lists the competitions of its own organizer only. */
@QuarkusTest
class ListCompetitionsTest {

    private static final Instant NOW = Instant.now();

    private final TestDatabase database = TestServers.database();
    private final UUID organizer = database.createOrganizer();

    @Test
    void itemsAreCompetitions() {
        var id = create(Map.of("tags", new String[] {"a", "b"}, "location", "Berlin"));
        var item = list().jsonPath().getMap("items[0]");
        assertThat(item)
                .isEqualTo(given().get("/api/competitions/{id}", id).jsonPath().getMap("$"));
    }

    @Test
    void listIsEmptyWithoutCompetitions() {
        var answer = list();
        assertThat(answer.asString()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
        assertThat(answer.headers().hasHeaderWithName("Link")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "hack, 'Hackathon,The Hack'",
        "HACK, 'Hackathon,The Hack'",
        "hack the, The Hack",
        "hack prizes, Hackathon",
        "prizes, Hackathon",
        "ÜBUNG, Übung",
        "100%, 100% fun",
        "%, 100% fun",
        "_, snake_case",
        "e_c, snake_case",
        "a_e, ''",
        "!, wow!",
        "'\\', back\\slash",
        "hackathon nothing, ''"
    })
    void everyWordMustBeInTitleOrDescription(String words, String titles) {
        create(Map.of("title", "Hackathon", "description", "Big prizes"));
        List.of("The Hack", "Übung", "100% fun", "snake_case", "wow!", "back\\slash")
                .forEach(title -> create(Map.of("title", title, "description", "x")));
        var expected = titles.isEmpty() ? List.<String>of() : List.of(titles.split(","));
        assertThat(titles("q", words)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Unicode NFKC and case folding; the typographic apostrophe is the plain one. */
    @ParameterizedTest
    @CsvSource({
        "o'brien, O’Brien Cup",
        "O’BRIEN, O'Brien Cup",
        "ガメ, ｶﾞﾒ",
        "ｶﾞﾒ, ガメ",
        "zoe\u0308, Zo\u00EB",
        "ZO\u00CB, Zoe\u0308",
        "οδυσσεύς, ΟΔΥΣΣΕΎΣ",
        "ΟΔΥΣΣΕΎΣ, Οδυσσεύς",
        "ΟΔΥΣΣΕΎΣ, οδυσσεύσ",
        "STRASSE, Straße",
        "straße, STRASSE",
        "ﬁnale, FINALE",
        "python3, Ｐｙｔｈｏｎ３",
        "МОСКВА, Москва",
        "%, 100％",
        "％, 100%",
        "e＿c, snake_case"
    })
    void searchComparesAsPeopleRead(String words, String title) {
        create(Map.of("title", title));
        create(Map.of("title", "aXc", "description", "another: eXc 100"));
        assertThat(titles("q", words)).containsExactly(title);
        create(Map.of("title", "b", "tags", new String[] {title}));
        assertThat(titles("tag", title.toLowerCase())).containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({
        "Python, python",
        "python, PYTHON",
        "' Python\u00A0', Python",
        "o'brien, O’Brien",
        "ÜBUNG, übung",
        "ΤΈΛΟΣ, τέλος",
        "ｶﾞﾒ, ガメ"
    })
    void tagsAreComparedWithoutCaseAndOuterSpace(String searched, String tag) {
        create(Map.of("title", "a", "tags", new String[] {"other", tag}));
        create(Map.of("title", "b", "tags", new String[] {tag + "2"}));
        assertThat(titles("tag", searched)).containsExactly("a");
    }

    /** It works beside this one while an upgrade rolls, and after a rollback. */
    @Test
    void statementsOfVersionBeforeFindWhatTheyFound() {
        create(Map.of("title", "HACKATHON Über", "tags", new String[] {"Coding"}));
        var found = "SELECT count(*) FROM competitions c WHERE organizer_id = ? AND c.search LIKE lower(?) ESCAPE '!'"
                + " AND c.tags @> ARRAY[?]::varchar[]";
        assertThat(database.count(found, organizer, "%Hack%", "Coding")).isEqualTo(1);
        assertThat(database.count(found, organizer, "%ÜBER%", "Coding")).isEqualTo(1);
    }

    /** Where lower() and LIKE know no letters but ASCII. */
    @Test
    void searchDoesNotDependOnLocaleOfDatabase() {
        var ascii = database.emptyInLocaleC();
        try {
            ascii.migrate();
            ascii.createCompetition(ascii.createOrganizer(), Map.of("title", "MÜLLER", "tags", new String[] {"Ö"}));
            var query = CompetitionQuery.of("müller", "ö", null, null, null, null, null);
            assertThat(ascii.texts(
                            "SELECT title FROM competitions c "
                                    + query.clauses().replaceAll("\\$\\d+", "?"),
                            "müller",
                            "ö",
                            1))
                    .containsExactly("MÜLLER");
        } finally {
            ascii.drop();
        }
    }

    @Test
    void blankSearchMatchesAll() {
        create(Map.of());
        assertThat(titles("q", "  ")).hasSize(1);
        assertThat(titles("q", "")).hasSize(1);
        assertThat(titles("tag", " ")).hasSize(1);
    }

    @Test
    void tagMustMatchAsAWhole() {
        create(Map.of("title", "a", "tags", new String[] {"coding", "x"}));
        create(Map.of("title", "b", "tags", new String[] {"code"}));
        assertThat(titles("tag", "coding")).containsExactly("a");
        assertThat(titles("tag", "cod")).isEmpty();
        assertThat(titles("tag", "%")).isEmpty();
    }

    @Test
    void statusFilterMatchesTheShownStatus() {
        var past = NOW.minus(Duration.ofHours(1));
        create(Map.of("title", "open"));
        create(Map.of("title", "full", "capacity", 1, "registered", 1));
        create(Map.of("title", "closed", "capacity", 1, "registered", 1, "reg_deadline", past));
        create(Map.of("title", "cancelled", "cancelled_at", past, "reg_deadline", past));
        for (var status : List.of("open", "full", "closed", "cancelled")) {
            assertThat(titles("status", status)).as(status).containsExactly(status);
            assertThat(list("status", status).jsonPath().getString("items[0].status"))
                    .isEqualTo(status);
        }
    }

    @Test
    void filtersAreCombined() {
        create(Map.of("title", "one", "tags", new String[] {"t"}));
        create(Map.of("title", "two", "tags", new String[] {"t"}));
        create(Map.of("title", "two"));
        assertThat(titles("q", "two", "tag", "t", "status", "open")).containsExactly("two");
        assertThat(titles("q", "two", "tag", "t", "status", "full")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', b c a", "startsAt, b c a", "-startsAt, a c b", "regDeadline, c a b", "-createdAt, a b c"})
    void listIsSortedAsRequested(String sort, String order) {
        create("a", 3, 2, 3);
        create("b", 1, 3, 2);
        create("c", 2, 1, 1);
        var titles = sort.isEmpty() ? titles() : titles("sort", sort);
        assertThat(titles).containsExactly(order.split(" "));
    }

    private void create(String title, int starts, int deadline, int created) {
        create(Map.of(
                "title", title,
                "starts_at", NOW.plus(Duration.ofDays(starts)),
                "reg_deadline", NOW.plus(Duration.ofMinutes(deadline)),
                "created_at", NOW.plus(Duration.ofSeconds(created))));
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 101",
        "limit, -1",
        "limit, 1.5",
        "limit, x",
        "limit, 99999999999",
        "cursor, x",
        "cursor, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sort, title",
        "sort, startsat",
        "status, OPEN",
        "organizerId, me",
        "organizerId, 1-1-1-1-1"
    })
    void invalidParameterIsReported(String name, String value) {
        assertInvalid(given().queryParam(name, value).get("/api/competitions"), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "tag", "status", "organizerId", "sort", "limit", "cursor"})
    void nulInParameterIsRejected(String name) {
        assertInvalid(given().queryParam(name, "a\u0000b").get("/api/competitions"), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "tag", "status", "sort", "limit", "cursor"})
    void emptyParameterCountsAsAbsent(String name) {
        create(Map.of());
        assertThat(titles(name, "")).hasSize(1);
    }

    @Test
    void tooLongSearchIsRejected() {
        assertInvalid(given().queryParam("q", "x".repeat(201)).get("/api/competitions"), "q");
    }

    private UUID create(Map<String, ?> columns) {
        return database.createCompetition(organizer, new HashMap<>(columns));
    }

    private List<String> titles(String... parameters) {
        return items(list(parameters), "/title");
    }

    private Response list(String... parameters) {
        var request = given().queryParam("organizerId", organizer.toString());
        for (var i = 0; i < parameters.length; i += 2) {
            request.queryParam(parameters[i], parameters[i + 1]);
        }
        var answer = request.get("/api/competitions");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer;
    }
}
