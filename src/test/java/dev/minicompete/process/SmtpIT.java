package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.Requests;
import dev.minicompete.testing.StrictSmtpServer;
import dev.minicompete.testing.StrictSmtpServer.Delivery;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the transport smtp each mail is also sent to a mail server, once. Mailboxes do not depend on that server. */
class SmtpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String TITLE = "Zoë 東京 🎉 " + "Finale ".repeat(20).strip();

    private static final String REFUSED = "The mail server refused the connection";

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static StrictSmtpServer server;
    private static ProductionProcess process;

    private UUID organizer;
    private UUID competition;

    @BeforeAll
    static void start() {
        server = new StrictSmtpServer();
        process = cluster.start(Map.of(
                "MAIL_TRANSPORT", "smtp",
                "SMTP_HOST", "127.0.0.1",
                "SMTP_PORT", Integer.toString(server.port()),
                "SMTP_FROM", "Mini Compete <mail@mini-compete.example>",
                "SMTP_TLS", "none",
                "JOBS_MAINTENANCE_INTERVAL", "PT0.1S",
                "JOB_BACKOFF_BASE", "PT0.01S",
                "MAIL_RETRY_BACKOFF_MAX", "PT0.5S"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void emptyEverything() {
        cluster.database().truncate();
        server.reset();
        organizer = cluster.database().createOrganizer();
        competition = cluster.database()
                .createCompetition(organizer, Map.of("capacity", 100, "title", TITLE, "location", "Berlin"));
    }

    /** The server always answers at once, and its texts are not logged. */
    @AfterEach
    void noAttemptTimedOutAndTheLogHasOnlyCodes() {
        assertThat(process.log())
                .doesNotContain("did not answer in time")
                // An expected failure is a line with the code.
                .doesNotContain("JobFailedException", "SMTPException", "greylisted", "over quota", ": null");
    }

    @Test
    void confirmationIsSentOnceWithTheCalendarFileAndTheIdOfTheJob() throws Exception {
        var person = cluster.database().createParticipant();
        register(person);
        drain();

        var kept = cluster.database().rows("SELECT id, subject, body FROM mailbox WHERE user_id = ?", person);
        assertThat(kept).hasSize(1);
        assertThat(server.deliveries()).hasSize(1);
        var sent = server.deliveries().get(0);
        assertThat(sent.recipient()).isEqualTo(person + "@example.com");
        assertThat(sent.hello()).isEqualTo("compete.example");
        assertThat(sent.header("From")).isEqualTo("Mini Compete <mail@mini-compete.example>");
        assertThat(sent.header("Message-ID")).isEqualTo("<" + kept.get(0).get("id") + "@compete.example>");
        assertThat(sent.header("Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(sent.subject()).isEqualTo(kept.get(0).get("subject")).contains(TITLE);
        var parts = (MimeMultipart) sent.message().getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n"))
                .isEqualTo(kept.get(0).get("body"))
                .contains("\nhttps://compete.example/competitions/" + competition + "\n");
        var file = parts.getBodyPart(1);
        assertThat(file.getContentType()).startsWith("text/calendar");
        assertThat(file.getFileName()).isEqualTo("competition.ics");
        assertThat(new String(file.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("BEGIN:VCALENDAR\r\n")
                .contains("\r\nUID:" + competition + "@mini-compete\r\n", "\r\nSUMMARY:Zoë 東京 🎉")
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
        assertThat(server.deliveries()).hasSize(2);
        assertThat(server.deliveries())
                .filteredOn(mail -> mail.subject().startsWith("Registration cancelled"))
                .singleElement()
                .satisfies(mail -> assertThat(mail.message().getContentType()).startsWith("text/plain"));
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 5.1.1 unknown, The mail server rejected the recipient's address: 550 5.1.1",
        "RCPT, 552 5.2.2 over quota, The recipient's mailbox is full: 552 5.2.2",
        "., 554 5.7.1 spam, The mail server rejected the mail: 554 5.7.1"
    })
    void permanentFaultMakesAFailedJobAtOnceThatNamesTheCode(String command, String reply, String error) {
        server.replyWith(line -> line.startsWith(command) ? reply : null);
        register(cluster.database().createParticipant());
        drain();
        assertThat(cluster.database().texts("SELECT kind || ' ' || error FROM failed_jobs WHERE attempts < 5"))
                .containsExactly("mail:send " + error);
        assertThat(Http.get(
                                process.api().resolve("/api/failed-jobs"),
                                cluster.tokens().organizer(organizer))
                        .body())
                .contains(error);
        assertThat(cluster.database().count("SELECT count(*) FROM mailbox")).isEqualTo(1);
    }

    @FullRun
    @ParameterizedTest
    @CsvSource({
        "RCPT, 450 4.7.1 greylisted, The mail server postponed the mail: 450 4.7.1",
        "RCPT, 452 4.2.2 over quota, The recipient's mailbox is full: 452 4.2.2",
        "RCPT, 554 5.7.1 relaying denied, The mail server does not allow the mail: 554 5.7.1",
        "MAIL, 553 5.7.1 not yours, The mail server rejected the sender's address: 553 5.7.1",
        "., 451 4.3.0 later, The mail server postponed the mail: 451 4.3.0"
    })
    void temporaryFaultIsRetriedBeyondTheAttemptsOfOtherJobs(String command, String reply, String error) {
        server.replyWith(line -> line.startsWith(command) ? reply : null);
        register(cluster.database().createParticipant());
        awaitAttempts(7, error);
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs")).isZero();
        server.reset();
        drain();
        assertThat(server.deliveries()).hasSize(1);
    }

    @Test
    void addressThatFailsDoesNotFailItsNeighbours() throws Exception {
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
        assertThat(server.deliveries().stream().map(Delivery::recipient))
                .doesNotHaveDuplicates()
                .hasSize(39)
                .isSubsetOf(expected);
        assertThat(cluster.database().texts("SELECT kind || ' ' || user_id || ' ' || error FROM failed_jobs"))
                .containsExactly("mail:send " + broken + " The recipient's address is invalid");
        assertThat(cluster.database().count("SELECT count(*) FROM mailbox")).isEqualTo(40);
    }

    @Test
    void serverThatIsAwayCostsNoMail() {
        var person = cluster.database().createParticipant();
        server.stop();
        try {
            register(person);
            awaitAttempts(7, REFUSED);
            assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs"))
                    .isZero();
        } finally {
            server.restart();
        }
        drain();
        assertThat(server.deliveries()).extracting(Delivery::recipient).containsExactly(person + "@example.com");
        assertThat(cluster.database().count("SELECT count(*) FROM mailbox WHERE user_id = ?", person))
                .isEqualTo(1);
    }

    @Test
    @FullRun
    void serverThatIsAwayForADayMakesAFailedJobAndARetrySendsIt() {
        var person = cluster.database().createParticipant();
        server.stop();
        try {
            register(person);
            awaitAttempts(1, REFUSED);
            cluster.database().execute("UPDATE outbox SET created_at = created_at - interval '1 day'");
            drain();
            assertThat(cluster.database().texts("SELECT kind || ' ' || error FROM failed_jobs"))
                    .containsExactly("mail:send " + REFUSED);
            assertThat(retry()).isEqualTo(202);
            awaitAttempts(7, REFUSED);
        } finally {
            server.restart();
        }
        drain();

        assertThat(server.deliveries()).extracting(Delivery::recipient).containsExactly(person + "@example.com");
        assertThat(cluster.database().count("SELECT count(*) FROM mailbox WHERE user_id = ?", person))
                .isEqualTo(1);
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs")).isZero();
    }

    private int retry() {
        var failed = cluster.database().text("SELECT id FROM failed_jobs");
        return Http.post(
                        process.api().resolve("/api/failed-jobs/" + failed + "/retry"),
                        cluster.tokens().organizer(organizer),
                        "")
                .status();
    }

    /** Waits until so many attempts have failed, the last for this reason. */
    private void awaitAttempts(int attempts, String error) {
        await(attempts + " attempts")
                .atMost(PATIENCE)
                .until(() -> cluster.database()
                                .count("SELECT count(*) FROM outbox WHERE attempts >= ? AND error = ?", attempts, error)
                        == 1);
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
}
