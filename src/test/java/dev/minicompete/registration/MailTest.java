package dev.minicompete.registration;

import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The texts of the mails. */
@QuarkusTest
class MailTest {

    private static final String TITLE = "<b>R&D</b> {facts.name} %1$s %d \"Zoë\" 🎉";

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();

    private final UUID competition = database.createCompetition(
            organizer.id(),
            Map.of(
                    "title",
                    TITLE,
                    "location",
                    "Room 3, Berlin",
                    "capacity",
                    1,
                    "waitlist",
                    true,
                    "reg_deadline",
                    Instant.parse("2090-01-31T10:00:00Z"),
                    "starts_at",
                    Instant.parse("2090-02-01T09:30:00Z")));

    @Test
    void eachMailSaysWhatHappenedWhenWhereAndWhatToDo() {
        var people = TestUser.participants(2);
        var first = register(people.get(0), competition);
        register(people.get(1), competition);
        cancel(people.get(0), first);
        organizer.request().post("/api/competitions/{id}/cancel", competition);
        drain();

        assertMail(people.get(0), "confirmation", "You are in: ", "Your seat", "please cancel your registration");
        assertMail(
                people.get(1), "waitlisted", "You are on the waitlist: ", "place 1", "You do not have to do anything");
        assertMail(people.get(0), "cancellation", "Registration cancelled: ", "You have cancelled", "register again");
        assertMail(people.get(1), "promoted", "You got a seat: ", "it is yours", "please cancel your registration");
        assertMail(
                people.get(1),
                "competition-cancelled",
                "Cancelled: ",
                "has cancelled",
                "You do not have to do anything");
    }

    @Test
    void mailWithoutLocationHasNoEmptyLineForIt() {
        database.execute("UPDATE competitions SET location = NULL WHERE id = ?", competition);
        var person = TestUser.participant();
        register(person, competition);
        drain();
        var body = (String) mails(person).get("confirmation").get("body");
        assertThat(body).doesNotContain("Where:", "null", "\n\n\n").contains("UTC\n\nWe will remind you");
    }

    @Test
    void subjectIsOneLineEvenIfTheTitleHasLineBreaks() {
        var titles = List.of("One\r\nBcc: everybody@example.com", "\nTwo\n\nBody", "Three\u2028line\u0085s");
        for (var title : titles) {
            var odd = database.createCompetition(organizer.id(), Map.of("title", title));
            var person = TestUser.participant();
            register(person, odd);
            drain();
            var mail = mails(person).get("confirmation");
            assertThat((String) mail.get("subject"))
                    .startsWith("You are in: ")
                    .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
            assertThat((String) mail.get("body")).startsWith("Hello User 1,\n\nYour seat for ");
        }
    }

    private void assertMail(TestUser person, String kind, String subject, String... words) {
        var mail = mails(person).get(kind);
        assertThat(mail).as(kind).isNotNull();
        assertThat(mail.get("subject")).isEqualTo(subject + TITLE);
        assertThat(mail.get("competitionId")).isEqualTo(competition.toString());
        assertThat(mail.get("registrationId")).isNotNull();
        assertThat(mail.get("readAt")).isNull();
        assertThat((String) mail.get("body"))
                .startsWith("Hello User ")
                .contains(TITLE)
                .contains("When:  Wednesday, 1 February 2090 at 09:30 UTC\nWhere: Room 3, Berlin\n")
                .contains(words)
                .endsWith("\n\nhttp://localhost:3000/competitions/" + competition + "\n\nMini Compete");
    }

    private static Map<String, Map<String, Object>> mails(TestUser person) {
        var mails = new HashMap<String, Map<String, Object>>();
        for (Map<String, Object> mail : person.get("/api/mailbox").jsonPath().<Map<String, Object>>getList("items")) {
            assertThat(mails.put((String) mail.get("kind"), mail)).isNull();
        }
        return mails;
    }

    private void drain() {
        new Oracle(database, competition).awaitDrained(Duration.ofSeconds(30));
    }
}
