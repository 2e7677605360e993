package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Problems.assertProblem;
import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.register;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The organizer's list of participants. */
@QuarkusTest
class ParticipantListTest {

    private static final String PATH = "/api/competitions/{id}/registrations";

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("capacity", 1_000, "waitlist", true));

    @Test
    void participantsAreListedInTheOrderOfRegistration() {
        var people = TestUser.participants(3);
        var registrations =
                people.stream().map(one -> register(one, competition)).toList();
        cancel(people.get(1), registrations.get(1));

        var list = organizer.get(PATH, competition);

        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.header("Cache-Control")).isEqualTo("no-store");
        assertThat(list.header("Link")).isNull();
        var seen = list.jsonPath();
        assertThat(ids(seen))
                .isEqualTo(registrations.stream().map(UUID::toString).toList());
        assertThat(seen.getList("items.status", String.class)).containsExactly("confirmed", "cancelled", "confirmed");
        assertThat(seen.getString("nextCursor")).isNull();
        assertThat(seen.getMap("items[0]"))
                .containsOnlyKeys(
                        "id",
                        "competitionId",
                        "participantId",
                        "status",
                        "waitlistPosition",
                        "note",
                        "createdAt",
                        "cancelledAt",
                        "participant");
        assertThat(seen.<String, String>getMap("items[0].participant"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "id",
                        people.get(0).id().toString(),
                        "name",
                        "User 1",
                        "email",
                        people.get(0).id() + "@example.com"));
    }

    @Test
    void statusFilters() {
        database.execute("UPDATE competitions SET capacity = 1 WHERE id = ?", competition);
        var people = TestUser.participants(3);
        var registrations =
                people.stream().map(one -> register(one, competition)).toList();
        cancel(people.get(1), registrations.get(1));
        assertThat(ids(page("status=confirmed")))
                .containsExactly(registrations.get(0).toString());
        assertThat(ids(page("status=cancelled")))
                .containsExactly(registrations.get(1).toString());
        assertThat(ids(page("status=waitlisted")))
                .containsExactly(registrations.get(2).toString());
        assertThat(ids(page("status=expired"))).isEmpty();
    }

    @Test
    void onlyTheOrganizerSeesTheList() {
        assertProblem(given().get(PATH, competition), 401, "authentication-required");
        var wrongRole = assertProblem(TestUser.participant().get(PATH, competition), 403, "forbidden");
        assertThat(wrongRole.header("WWW-Authenticate")).contains("insufficient_scope");
        var other = TestUser.organizer().get(PATH, competition);
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.jsonPath().getString("code")).isEqualTo("forbidden");
        assertProblem(organizer.get(PATH, UUID.randomUUID()), 404, "not-found");
        assertProblem(organizer.get(PATH, "nonsense"), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=-1",
                "limit=1.0",
                "limit=x",
                "status=active",
                "status=Confirmed",
                "cursor=x",
                "cursor=AAAA"
            })
    void invalidParameterIsNamed(String query) {
        assertInvalid(organizer.get(PATH + "?" + query, competition), query.substring(0, query.indexOf('=')));
    }

    @Test
    void cursorIsValidOnlyForItsList() {
        database.createConfirmed(competition, database.createParticipants(3));
        var cursor = page("limit=1").getString("nextCursor");
        assertInvalid(organizer.get(PATH + "?status=confirmed&cursor=" + cursor, competition), "cursor");
        var another = database.createCompetition(organizer.id(), Map.of());
        assertInvalid(organizer.get(PATH + "?cursor=" + cursor, another), "cursor");
        assertInvalid(organizer.get("/api/mailbox?cursor=" + cursor), "cursor");
    }

    @Test
    void linkHeaderLeadsToTheNextPage() {
        database.createConfirmed(competition, database.createParticipants(3));
        var first = organizer.get(PATH + "?limit=2&status=confirmed", competition);
        var link = first.header("Link");
        assertThat(link).matches("<.+>; rel=\"next\"");
        var next = organizer.request().urlEncodingEnabled(false).get(link.substring(1, link.indexOf('>')));
        assertThat(ids(next.jsonPath())).hasSize(1).doesNotContainAnyElementsOf(ids(first.jsonPath()));
        assertThat(next.header("Link")).isNull();
    }

    @Test
    void pagingDuringChangesShowsEachRegistrationOnce() throws Exception {
        var before = database.createConfirmed(competition, database.createParticipants(100)).stream()
                .map(UUID::toString)
                .toList();
        var people = TestUser.participants(60);
        var during = Executors.newFixedThreadPool(4);
        var seen = new ArrayList<String>();
        try {
            for (var person : people) {
                during.submit(() -> {
                    var registration = register(person, competition);
                    return person.id().hashCode() % 3 == 0 ? cancel(person, registration) : null;
                });
            }
            for (String cursor = ""; cursor != null; ) {
                var page = page("limit=7" + cursor);
                seen.addAll(ids(page));
                var next = page.getString("nextCursor");
                cursor = next == null ? null : "&cursor=" + next;
            }
        } finally {
            during.shutdown();
        }
        assertThat(during.awaitTermination(60, java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
        assertThat(seen).doesNotHaveDuplicates().startsWith(before.toArray(String[]::new));
        // New registrations are at the end, so that the pages are the beginning of the current list.
        var now = database.texts(
                "SELECT id::text FROM registrations WHERE competition_id = ? ORDER BY created_at, id", competition);
        assertThat(now).hasSize(160).startsWith(seen.toArray(String[]::new));
    }

    @Test
    void pagingOwnRegistrationsIsStableWhileNewOnesAreMade() {
        var person = TestUser.participant();
        var older = new ArrayList<String>();
        for (var i = 0; i < 5; i++) {
            older.add(0, register(person, database.createCompetition(1)).toString());
        }
        var first = person.get("/api/registrations?limit=3").jsonPath();
        register(person, database.createCompetition(1));
        var second = person.get("/api/registrations?limit=3&cursor={cursor}", first.getString("nextCursor"))
                .jsonPath();
        var seen = new ArrayList<>(ids(first));
        seen.addAll(ids(second));
        assertThat(seen).isEqualTo(older);
        assertThat(second.getString("nextCursor")).isNull();
        assertThat(first.getMap("items[0].competition")).containsOnlyKeys("id", "title", "startsAt", "status");
        assertThat(first.getString("items[0].competition.status")).isEqualTo("full");
    }

    private JsonPath page(String query) {
        var answer = organizer.get(PATH + "?" + query, competition);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer.jsonPath();
    }

    private static List<String> ids(JsonPath page) {
        return page.getList("items.id", String.class);
    }
}
