package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Requests.items;
import static dev.minicompete.testing.Requests.json;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class CompetitionPagesTest {

    private static final Instant START = Instant.now().plus(Duration.ofDays(10));

    private final TestDatabase database = TestServers.database();
    private final UUID organizer = database.createOrganizer();

    /** Three start at each of these times. */
    @BeforeEach
    void createTwentyFive() {
        IntStream.range(0, 25).forEach(i -> create("c" + i, START.plus(Duration.ofHours(i / 3))));
    }

    @Test
    void pageHasTwentyItemsByDefault() {
        assertThat(ids(page())).hasSize(20);
        assertThat(ids(page("limit", "100"))).hasSize(25);
        assertThat(ids(page("limit", "1"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"startsAt", "-startsAt", "regDeadline", "-createdAt"})
    void pagesTogetherAreTheWholeList(String sort) {
        var all = ids(page("sort", sort, "limit", "100"));
        assertThat(walk(sort, 4, () -> {})).isEqualTo(all).doesNotHaveDuplicates();
        assertThat(walk(sort, 25, () -> {})).isEqualTo(all);
    }

    @Test
    void insertsDuringPagingNeitherRepeatNorHideItems() {
        var all = ids(page("limit", "100"));
        var walked = walk("startsAt", 4, () -> {
            create("before", START.minus(Duration.ofHours(1)));
            create("between", START.plus(Duration.ofHours(3)));
        });
        assertThat(walked).doesNotHaveDuplicates().containsAll(all);
        assertThat(walked.stream().filter(all::contains)).isEqualTo(all);
    }

    @Test
    void lastPageHasNoNextCursor() {
        var last = page("limit", "25");
        assertThat(last.jsonPath().getString("nextCursor")).isNull();
        assertThat(last.headers().hasHeaderWithName("Link")).isFalse();
    }

    @Test
    void linkHeaderKeepsTheFilter() {
        var first = page("limit", "20", "q", "c & ü", "status", "open");
        assertThat(ids(first)).isEmpty();
        var page = page("limit", "20", "q", "c", "status", "open");
        var link = Pattern.compile("<([^>]+)>; rel=\"next\"").matcher(page.header("Link"));
        assertThat(link.matches()).isTrue();
        var target = link.group(1);
        assertThat(target).startsWith("/api/competitions?");
        var next = given().urlEncodingEnabled(false).get(target);
        assertThat(ids(next)).hasSize(5).doesNotContainAnyElementsOf(ids(page));
        assertThat(ids(next))
                .isEqualTo(ids(page(
                        "limit",
                        "20",
                        "q",
                        "c",
                        "status",
                        "open",
                        "cursor",
                        page.jsonPath().getString("nextCursor"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x=%zz",
                "x=%",
                "x=%ff",
                "x=>;rel=\"prev\"",
                "x=a+b%20c",
                "x",
                "=",
                "&&",
                "x=1&x=2",
                "x=%C3%BC%0D%0A"
            })
    void linkHeaderIsValidForAnyQuery(String query) {
        var answer = RawHttp.send(
                "GET /api/competitions?limit=1&" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        if (!answer.startsWith("HTTP/1.1 400")) {
            assertThat(answer).startsWith("HTTP/1.1 200");
            var link = Pattern.compile("(?i)\r\nlink: <([^>\"]+)>; rel=\"next\"\r\n")
                    .matcher(answer);
            assertThat(link.find()).as(answer).isTrue();
            assertThat(ids(given().urlEncodingEnabled(false).get(URI.create(link.group(1)))))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"sort, -startsAt", "sort, regDeadline", "q, c", "tag, x", "status, open"})
    void cursorIsInvalidForAnotherSortOrFilter(String name, String value) {
        var cursor = page("limit", "5").jsonPath().getString("nextCursor");
        assertInvalid(request(name, value, "cursor", cursor), "cursor");
        var other = given().queryParam("cursor", cursor).get("/api/competitions");
        assertInvalid(other, "cursor");
    }

    @Test
    void cursorsHoldDistantTimes() {
        var far = Instant.parse("9999-12-31T23:59:59.999999Z");
        create("far", far);
        create("far", far);
        assertThat(walk("-startsAt", 1, () -> {})).hasSize(27).doesNotHaveDuplicates();
    }

    @Test
    void limitMayChangeBetweenPages() {
        var cursor = page("limit", "5").jsonPath().getString("nextCursor");
        assertThat(ids(page("limit", "7", "cursor", cursor)))
                .isEqualTo(ids(page("limit", "100")).subList(5, 12));
    }

    @Test
    void cursorOfAnotherListIsInvalid() {
        var cursor = page("limit", "5").jsonPath().getString("nextCursor");
        assertInvalid(request("cursor", cursor.substring(1)), "cursor");
        assertInvalid(request("cursor", cursor + "A"), "cursor");
    }

    private List<String> walk(String sort, int limit, Runnable betweenPages) {
        var walked = new ArrayList<String>();
        String cursor = null;
        do {
            var page = cursor == null
                    ? page("sort", sort, "limit", "" + limit)
                    : page("sort", sort, "limit", "" + limit, "cursor", cursor);
            walked.addAll(ids(page));
            cursor = json(page).path("nextCursor").textValue();
            if (walked.size() < 60) {
                betweenPages.run();
            }
        } while (cursor != null);
        return walked;
    }

    private void create(String title, Instant start) {
        database.createCompetition(organizer, Map.of("title", title, "starts_at", start));
    }

    private static List<String> ids(Response page) {
        return items(page, "/id");
    }

    private Response page(String... parameters) {
        var answer = request(parameters);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer;
    }

    private Response request(String... parameters) {
        var request = given().queryParam("organizerId", organizer.toString());
        for (var i = 0; i < parameters.length; i += 2) {
            request.queryParam(parameters[i], parameters[i + 1]);
        }
        return request.get("/api/competitions");
    }
}
