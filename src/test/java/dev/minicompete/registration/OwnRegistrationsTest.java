package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OwnRegistrationsTest {

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final TestUser alice = TestUser.participant();

    @Test
    void ownRegistrationsAreListedNewestFirstWithTheirCompetitions() {
        var first = database.createCompetition(organizer.id(), Map.of("title", "first", "capacity", 1));
        var second = database.createCompetition(organizer.id(), Map.of("title", "second"));
        alice.register(first, "k");
        var latest = alice.register(second, "k");
        TestUser.participant().register(second, "k");
        var list = alice.get("/api/registrations").jsonPath();
        assertThat(list.getList("items.competition.title", String.class)).containsExactly("second", "first");
        assertThat(list.getMap("items[0].competition"))
                .containsOnlyKeys("id", "title", "startsAt", "status")
                .containsEntry("id", second.toString())
                .containsEntry("status", "open");
        assertThat(list.getString("items[1].competition.status")).isEqualTo("full");
        assertThat(list.<String, Object>getMap("items[0]"))
                .containsAllEntriesOf(latest.jsonPath().getMap("$"));
        assertThat(list.getString("nextCursor")).isNull();
    }

    @Test
    void pagesTogetherAreTheList() {
        var ids = IntStream.range(0, 7)
                .mapToObj(i -> alice.register(database.createCompetition(organizer.id(), Map.of()), "k")
                        .jsonPath()
                        .getString("id"))
                .toList();
        var walked = new ArrayList<String>();
        var path = "/api/registrations?limit=3";
        while (path != null) {
            var page = alice.request().urlEncodingEnabled(false).get(path);
            walked.addAll(page.jsonPath().getList("items.id", String.class));
            var link = page.header("Link");
            path = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        var newestFirst = new ArrayList<>(ids);
        Collections.reverse(newestFirst);
        assertThat(walked).isEqualTo(newestFirst);
    }

    @Test
    void cursorOfAnotherUserIsInvalid() {
        IntStream.range(0, 2).forEach(i -> alice.register(database.createCompetition(organizer.id(), Map.of()), "k"));
        var cursor = alice.get("/api/registrations?limit=1").jsonPath().getString("nextCursor");
        var bob = TestUser.participant();
        assertInvalid(bob.request().queryParam("cursor", cursor).get("/api/registrations"), "cursor");
        assertInvalid(alice.request().queryParam("limit", "0").get("/api/registrations"), "limit");
    }

    @Test
    void onlyTheParticipantAndTheOrganizerSeeARegistration() {
        var competition = database.createCompetition(organizer.id(), Map.of());
        var made = alice.register(competition, "k");
        var path = "/api/registrations/" + made.jsonPath().getString("id");
        assertThat(alice.get(path).asString()).isEqualTo(made.asString());
        assertThat(organizer.get(path).asString()).isEqualTo(made.asString());
        for (var other : List.of(TestUser.participant(), TestUser.organizer())) {
            assertProblem(other.get(path), 404, "not-found");
        }
    }

    @Test
    void positionIsTheCurrentOne() {
        var competition = database.createCompetition(organizer.id(), Map.of("capacity", 1, "waitlist", true));
        TestUser.participant().register(competition, "k");
        var before = TestUser.participant();
        var next = before.register(competition, "k").jsonPath().getString("id");
        var mine = alice.register(competition, "k").jsonPath();
        assertThat(mine.getInt("waitlistPosition")).isEqualTo(2);
        before.request().delete("/api/registrations/" + next).then().statusCode(204);
        assertThat(alice.get("/api/registrations/" + mine.getString("id"))
                        .jsonPath()
                        .getInt("waitlistPosition"))
                .isEqualTo(1);
        assertThat(alice.get("/api/registrations").jsonPath().getInt("items[0].waitlistPosition"))
                .isEqualTo(1);
    }
}
