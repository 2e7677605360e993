package dev.minicompete.mailbox;

import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.concurrently;
import static dev.minicompete.testing.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mails that leave the system, against a real server. */
@QuarkusTest
@TestProfile(SmtpTest.Sending.class)
class SmtpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition = database.createCompetition(
            organizer.id(), Map.of("capacity", 100, "title", "Zoë 東京", "location", "Berlin"));

    private GreenMail server;

    public static final class Sending implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(SmtpServer.class));
        }
    }

    @BeforeEach
    void emptyEverything() throws Exception {
        database.execute("TRUNCATE outbox, mailbox, failed_jobs");
        server.purgeEmailFromAllMailboxes();
    }

    @Test
    void aConfirmationIsSentOnceWithTheCalendarFileAndTheJobsId() throws Exception {
        var person = TestUser.participant();
        register(person, competition);
        drain();

        var kept = database.rows("SELECT id, subject, body FROM mailbox WHERE user_id = ?", person.id());
        assertThat(kept).hasSize(1);
        assertThat(server.getReceivedMessages()).hasSize(1);
        var sent = server.getReceivedMessages()[0];
        assertThat(sent.getMessageID()).isEqualTo("<" + kept.get(0).get("id") + "@mini-compete>");
        assertThat(sent.getSubject()).isEqualTo(kept.get(0).get("subject"));
        assertThat(to(sent)).isEqualTo(person.id() + "@example.com");
        assertThat(sent.getFrom()[0]).hasToString("Mini Compete <mail@mini-compete.example>");
        var parts = (MimeMultipart) sent.getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n"))
                .isEqualTo(kept.get(0).get("body"));
        var file = parts.getBodyPart(1);
        assertThat(file.getContentType()).startsWith("text/calendar");
        assertThat(file.getFileName()).isEqualTo("competition.ics");
        assertThat(new String(file.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("BEGIN:VCALENDAR\r\n")
                .contains("\r\nUID:" + competition + "@mini-compete\r\n", "\r\nSUMMARY:Zoë 東京\r\n")
                .endsWith("END:VCALENDAR\r\n");
    }

    @Test
    void otherMailsAreTextAlone() throws Exception {
        var person = TestUser.participant();
        cancel(person, register(person, competition));
        drain();
        assertThat(server.getReceivedMessages()).hasSize(2);
        var news = Arrays.stream(server.getReceivedMessages())
                .filter(mail -> subject(mail).startsWith("Registration cancelled"))
                .findFirst()
                .orElseThrow();
        assertThat(news.getContentType()).startsWith("text/plain");
    }

    @Test
    void anAddressThatFailsDoesNotFailItsNeighbours() throws Exception {
        var people = TestUser.participants(40);
        database.execute(
                "UPDATE users SET email = ? WHERE id = ?",
                "no address " + people.get(7).id(),
                people.get(7).id());
        concurrently(
                20,
                people.stream()
                        .map(one -> (Callable<UUID>) () -> register(one, competition))
                        .toList());
        drain();

        var expected = people.stream().map(one -> one.id() + "@example.com").toList();
        assertThat(Arrays.stream(server.getReceivedMessages()).map(SmtpTest::to))
                .doesNotHaveDuplicates()
                .hasSize(39)
                .isSubsetOf(expected);
        assertThat(database.texts("SELECT kind || ' ' || user_id FROM failed_jobs"))
                .containsExactly("mail:send " + people.get(7).id());
        assertThat(database.count("SELECT count(*) FROM mailbox")).isEqualTo(40);
    }

    @Test
    void aServerThatIsAwayMakesADeadLetterAfterItsAttemptsAndARetrySendsIt() {
        server.stop();
        var person = TestUser.participant();
        try {
            register(person, competition);
            drain();
        } finally {
            server.start();
        }
        assertThat(database.count("SELECT count(*) FROM mailbox WHERE user_id = ?", person.id()))
                .isEqualTo(1);
        assertThat(database.texts("SELECT kind || ' ' || attempts FROM failed_jobs"))
                .containsExactly("mail:send 5");

        var dead = organizer.get("/api/failed-jobs").jsonPath().getString("items[0].id");
        assertThat(organizer.request().post("/api/failed-jobs/{id}/retry", dead).statusCode())
                .isEqualTo(202);
        drain();

        assertThat(server.getReceivedMessages()).hasSize(1);
        assertThat(to(server.getReceivedMessages()[0])).isEqualTo(person.id() + "@example.com");
        assertThat(database.count("SELECT count(*) FROM mailbox WHERE user_id = ?", person.id()))
                .isEqualTo(1);
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isZero();
    }

    private void drain() {
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);
        oracle.assertSeatsAreCountedAndNotOversold();
    }

    private static String to(MimeMessage mail) {
        try {
            return mail.getRecipients(Message.RecipientType.TO)[0].toString();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
