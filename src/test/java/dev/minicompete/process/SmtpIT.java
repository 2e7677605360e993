package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.Requests;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With the transport smtp each mail goes to a mail server besides, once, and a server that is away fails nobody's mailbox. */
class SmtpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static GreenMail server;
    private static ProductionProcess process;

    private UUID organizer;
    private UUID competition;

    /** The port is chosen before, so that the mail server can be stopped and come back. */
    @BeforeAll
    static void start() {
        var port = Ports.free();
        server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        process = cluster.start(Map.of(
                "MAIL_TRANSPORT", "smtp",
                "SMTP_HOST", "127.0.0.1",
                "SMTP_PORT", Integer.toString(port),
                "SMTP_FROM", "Mini Compete <mail@mini-compete.example>",
                "SMTP_TLS", "none",
                "JOBS_MAINTENANCE_INTERVAL", "PT0.1S",
                "JOB_BACKOFF_BASE", "PT0.01S",
                "JOB_BACKOFF_MAX", "PT0.02S"));
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @BeforeEach
    void emptyEverything() throws Exception {
        cluster.database().truncate();
        server.purgeEmailFromAllMailboxes();
        organizer = cluster.database().createOrganizer();
        competition = cluster.database()
                .createCompetition(organizer, Map.of("capacity", 100, "title", "Zoë 東京", "location", "Berlin"));
    }

    @Test
    void aConfirmationIsSentOnceWithTheCalendarFileAndTheJobsId() throws Exception {
        var person = cluster.database().createParticipant();
        register(person);
        drain();

        var kept = cluster.database().rows("SELECT id, subject, body FROM mailbox WHERE user_id = ?", person);
        assertThat(kept).hasSize(1);
        assertThat(server.getReceivedMessages()).hasSize(1);
        var sent = server.getReceivedMessages()[0];
        assertThat(sent.getMessageID()).isEqualTo("<" + kept.get(0).get("id") + "@mini-compete>");
        assertThat(sent.getSubject()).isEqualTo(kept.get(0).get("subject"));
        assertThat(to(sent)).isEqualTo(person + "@example.com");
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
    void otherMailsAreTextAlone() {
        var person = cluster.database().createParticipant();
        var registration = register(person).id();
        Http.delete(
                process.api().resolve("/api/registrations/" + registration),
                cluster.tokens().participant(person));
        drain();
        assertThat(server.getReceivedMessages()).hasSize(2);
        assertThat(Arrays.stream(server.getReceivedMessages())
                        .filter(mail -> subject(mail).startsWith("Registration cancelled")))
                .singleElement()
                .satisfies(mail -> assertThat(mail.getContentType()).startsWith("text/plain"));
    }

    @Test
    void anAddressThatFailsDoesNotFailItsNeighbours() throws Exception {
        var people = cluster.database().createParticipants(40);
        var broken = people.get(7);
        cluster.database().execute("UPDATE users SET email = ? WHERE id = ?", "no address " + broken, broken);
        Requests.concurrently(
                20,
                people.stream()
                        .map(person -> (Callable<Reply>) () -> register(person))
                        .toList());
        drain();

        var expected = people.stream().map(person -> person + "@example.com").toList();
        assertThat(Arrays.stream(server.getReceivedMessages()).map(SmtpIT::to))
                .doesNotHaveDuplicates()
                .hasSize(39)
                .isSubsetOf(expected);
        assertThat(cluster.database().texts("SELECT kind || ' ' || user_id FROM failed_jobs"))
                .containsExactly("mail:send " + broken);
        assertThat(cluster.database().count("SELECT count(*) FROM mailbox")).isEqualTo(40);
    }

    @Test
    void aServerThatIsAwayMakesADeadLetterAfterItsAttemptsAndARetrySendsIt() {
        server.stop();
        var person = cluster.database().createParticipant();
        try {
            register(person);
            drain();
        } finally {
            server.start();
        }
        var mails = "SELECT count(*) FROM mailbox WHERE user_id = ?";
        assertThat(cluster.database().count(mails, person)).isEqualTo(1);
        assertThat(cluster.database().texts("SELECT kind || ' ' || attempts FROM failed_jobs"))
                .containsExactly("mail:send 5");

        var token = cluster.tokens().organizer(organizer);
        var dead = cluster.database().text("SELECT id FROM failed_jobs");
        assertThat(Http.post(process.api().resolve("/api/failed-jobs/" + dead + "/retry"), token, "")
                        .status())
                .isEqualTo(202);
        drain();

        assertThat(server.getReceivedMessages()).hasSize(1);
        assertThat(to(server.getReceivedMessages()[0])).isEqualTo(person + "@example.com");
        assertThat(cluster.database().count(mails, person)).isEqualTo(1);
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs")).isZero();
    }

    private Reply register(UUID person) {
        var reply = Http.register(process.api(), competition, cluster.tokens().participant(person), "abc123");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply;
    }

    private void drain() {
        var oracle = new Oracle(cluster.database(), competition);
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
