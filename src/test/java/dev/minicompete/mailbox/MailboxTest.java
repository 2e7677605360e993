package dev.minicompete.mailbox;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class MailboxTest {

    private final TestDatabase database = TestServers.database();
    private final TestUser alice = TestUser.participant();

    @Test
    void confirmedRegistrationSendsAMail() {
        var competition = database.createCompetition(
                database.createOrganizer(),
                Map.of(
                        "title",
                        "Tom & <Jerry>",
                        "location",
                        "Berlin",
                        "starts_at",
                        Instant.parse("2999-01-02T03:04:05Z")));
        var registration = alice.register(competition, "k").jsonPath().getString("id");
        new Oracle(database, competition).awaitDrained(Duration.ofSeconds(20));
        var mail = alice.get("/api/mailbox").jsonPath();
        assertThat(mail.getInt("unread")).isEqualTo(1);
        assertThat(mail.getMap("items[0]"))
                .containsOnlyKeys(
                        "id", "kind", "subject", "body", "competitionId", "registrationId", "createdAt", "readAt")
                .containsEntry("kind", "confirmation")
                .containsEntry("competitionId", competition.toString())
                .containsEntry("registrationId", registration)
                .containsEntry("readAt", null);
        assertThat(mail.getString("items[0].subject")).isEqualTo("You are in: Tom & <Jerry>");
        assertThat(mail.getString("items[0].body"))
                .contains("Hello User 1,", "Tom & <Jerry>", "Wednesday, 2 January 2999 at 03:04 UTC", "Berlin");
        assertThat(alice.get("/api/mailbox/" + mail.getString("items[0].id"))
                        .jsonPath()
                        .getMap("$"))
                .isEqualTo(mail.getMap("items[0]"));
    }

    @Test
    void waitlistedRegistrationSendsAMail() {
        var competition =
                database.createCompetition(database.createOrganizer(), Map.of("capacity", 1, "waitlist", true));
        TestUser.participant().register(competition, "k");
        alice.register(competition, "k");
        new Oracle(database, competition).awaitDrained(Duration.ofSeconds(20));
        var mail = alice.get("/api/mailbox").jsonPath();
        assertThat(mail.getString("items[0].kind")).isEqualTo("waitlisted");
        assertThat(mail.getString("items[0].body")).contains("place 1");
    }

    @Test
    void emptyMailboxHasNoMails() {
        assertThat(alice.get("/api/mailbox").asString()).isEqualTo("{\"items\":[],\"nextCursor\":null,\"unread\":0}");
        assertThat(TestUser.organizer().get("/api/mailbox").statusCode()).isEqualTo(200);
    }

    @Test
    void readingIsIdempotentAndUpdatesTheUnreadCount() {
        var mail = deliver(alice, "confirmation", 0);
        deliver(alice, "reminder", 1);
        assertThat(read(alice, mail)).isEqualTo(204);
        var readAt = alice.get("/api/mailbox/" + mail).jsonPath().getString("readAt");
        assertThat(readAt).isNotNull();
        assertThat(read(alice, mail)).isEqualTo(204);
        assertThat(alice.get("/api/mailbox/" + mail).jsonPath().getString("readAt"))
                .isEqualTo(readAt);
        assertThat(alice.get("/api/mailbox").jsonPath().getInt("unread")).isEqualTo(1);
    }

    @Test
    void mailOfAnotherUserIsNotFound() {
        var mail = deliver(alice, "confirmation", 0);
        var bob = TestUser.participant();
        assertProblem(bob.get("/api/mailbox/" + mail), 404, "not-found");
        assertProblem(bob.request().post("/api/mailbox/" + mail + "/read"), 404, "not-found");
        assertThat(bob.get("/api/mailbox").jsonPath().getList("items")).isEmpty();
        assertThat(database.count(
                        "SELECT count(*) FROM mailbox WHERE id = ? AND read_at IS NULL", UUID.fromString(mail)))
                .isEqualTo(1);
    }

    @Test
    void unreadAndKindFilter() {
        var read = deliver(alice, "confirmation", 0);
        var unread = deliver(alice, "confirmation", 1);
        var reminder = deliver(alice, "reminder", 2);
        read(alice, read);
        assertThat(ids("unread=true")).containsExactly(reminder, unread);
        assertThat(ids("unread=false")).containsExactly(reminder, unread, read);
        assertThat(ids("kind=confirmation")).containsExactly(unread, read);
        assertThat(ids("kind=confirmation&unread=true")).containsExactly(unread);
        assertThat(ids("kind=promoted")).isEmpty();
        assertThat(alice.get("/api/mailbox?kind=promoted").jsonPath().getInt("unread"))
                .isEqualTo(2);
    }

    @Test
    void pagesTogetherAreTheListNewestFirst() {
        // Mails of one transaction have the same time.
        var delivered = IntStream.range(0, 9)
                .mapToObj(i -> deliver(alice, "reminder", i / 3))
                .toList();
        var walked = new ArrayList<String>();
        var path = "/api/mailbox?limit=2&kind=reminder";
        while (path != null) {
            var page = alice.request().urlEncodingEnabled(false).get(path);
            assertThat(page.jsonPath().getInt("unread")).isEqualTo(9);
            walked.addAll(page.jsonPath().getList("items.id", String.class));
            var link = page.header("Link");
            path = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        assertThat(walked).containsExactlyInAnyOrderElementsOf(delivered).isEqualTo(ids("limit=100"));
        var times = alice.get("/api/mailbox").jsonPath().getList("items.createdAt", String.class);
        assertThat(times.stream().map(Instant::parse)).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @ParameterizedTest
    @CsvSource({"unread, maybe", "unread, TRUE", "kind, letter", "limit, 0", "cursor, x"})
    void invalidParameterIsNamed(String name, String value) {
        assertInvalid(alice.request().queryParam(name, value).get("/api/mailbox"), name);
    }

    @Test
    void cursorIsValidOnlyForItsFilter() {
        IntStream.range(0, 3).forEach(i -> deliver(alice, "reminder", i));
        var cursor = alice.get("/api/mailbox?limit=1").jsonPath().getString("nextCursor");
        var answer = alice.request()
                .queryParam("cursor", cursor)
                .queryParam("unread", true)
                .get("/api/mailbox");
        assertInvalid(answer, "cursor");
    }

    private String deliver(TestUser user, String kind, int second) {
        UUID id = UuidCreator.getTimeOrderedEpoch();
        database.execute(
                "INSERT INTO mailbox (id, user_id, kind, subject, body, created_at) VALUES (?, ?, ?, 's', 'b', ?)",
                id,
                user.id(),
                kind,
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second));
        return id.toString();
    }

    private static int read(TestUser user, String mail) {
        return user.request().post("/api/mailbox/" + mail + "/read").statusCode();
    }

    private List<String> ids(String query) {
        return alice.get("/api/mailbox?" + query).jsonPath().getList("items.id", String.class);
    }
}
