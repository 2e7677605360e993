package dev.minicompete.mailbox;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.mailbox.MailAttachments.Attachment;
import dev.minicompete.testing.StrictSmtpServer;
import dev.minicompete.testing.StrictSmtpServer.Delivery;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as they are on the wire: sent by the mail client, to a server that accepts only what the standards allow. */
class SmtpMessagesTest {

    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final String SENDER = "Mini Compete <mail@mini-compete.example>";
    private static final String RECIPIENT = "alice@example.com";

    private static Vertx vertx;
    private static StrictSmtpServer server;
    private static MailClient client;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        server = new StrictSmtpServer();
        client = MailClient.create(
                vertx,
                new MailConfig().setHostname("127.0.0.1").setPort(server.port()).setOwnHostname("compete.example"));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
        server.close();
    }

    @BeforeEach
    void reset() {
        server.reset();
    }

    static Stream<String> subjects() {
        return Stream.of(
                "You are in: Hackathon",
                "You are in: 🎉",
                "You are in: " + "🎉".repeat(100),
                "x" + "🎉".repeat(100),
                "You are in: 👩‍👩‍👧‍👦 and 🇩🇪 " + "👨🏽‍🚀".repeat(30),
                "You are in: " + "ä".repeat(200),
                "You are in: " + "東京".repeat(100),
                "You are in: " + "𠮷".repeat(100),
                "You are in: " + "word ".repeat(40).strip(),
                "You are in: " + "w".repeat(200),
                "You are in: " + "a" + " ".repeat(150) + "b",
                "You are in: é  two  spaces",
                "You are in: =?UTF-8?Q?not_encoded?= at all",
                "You are in: a?b=c_d (comment) \"quoted\" <a@b> ?= ;,");
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void subjectArrivesAsItIs(String subject) throws Exception {
        assertThat(send(SENDER, RECIPIENT, subject, "Text", null).subject()).isEqualTo(subject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"line\r\nBcc: everybody@example.com", "ä line\n\tBcc: everybody@example.com"})
    void controlCharactersInSubjectBecomeSpaces(String subject) throws Exception {
        var mail = send(SENDER, RECIPIENT, subject, "Text", null);
        assertThat(mail.subject()).endsWith("line Bcc: everybody@example.com");
        assertThat(mail.header("Bcc")).isNull();
    }

    @Test
    void linesOfEncodedHeadersHaveAtMost76Characters() {
        subjects()
                .map(subject -> send(SENDER, RECIPIENT, subject, "Text", null))
                .forEach(mail ->
                        assertThat(mail.content().split("\r\n\r\n")[0].lines()).allMatch(line -> line.length() <= 76));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello,\n\nYour seat for 🎉 is confirmed.",
                ".\n.leading\n..dots\n.",
                "trailing space \nand a tab\t\n\n\n",
                "From here\nFrom there",
                "a=b =20 equals"
            })
    void textArrivesAsItIs(String text) throws Exception {
        for (var each : Stream.of(text, text + "x".repeat(3_000), "ä" + text + "🎉".repeat(1_000))
                .toList()) {
            var mail = send(SENDER, RECIPIENT, "Subject", each, null).message();
            assertThat(mail.getContentType()).startsWith("text/plain");
            assertThat(((String) mail.getContent()).replace("\r\n", "\n").stripTrailing())
                    .isEqualTo(each.stripTrailing());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mail@example.com, mail@example.com, ",
        "<mail@example.com>, mail@example.com, ",
        "Mini Compete <mail@example.com>, mail@example.com, Mini Compete",
        "'\"Compete, Mini\" <mail@example.com>', mail@example.com, 'Compete, Mini'",
        "'Compete, Mini (test) <mail@example.com>', mail@example.com, 'Compete, Mini (test)'",
        "Zoë 🎉 東京 <mail@example.com>, mail@example.com, Zoë 🎉 東京",
    })
    void senderHasItsNameBeforeItsAddress(String from, String address, @Nullable String name) throws Exception {
        var mail = send(from, RECIPIENT, "Subject", "Text", null);
        assertThat(mail.sender()).isEqualTo(address);
        assertThat(mail.header("From")).endsWith(name == null ? address : "<" + address + ">");
        var sender = (InternetAddress) mail.message().getFrom()[0];
        assertThat(sender.getAddress()).isEqualTo(address);
        assertThat(sender.getPersonal()).isEqualTo(name);
    }

    @Test
    void longNameOfSenderIsFolded() throws Exception {
        var name = "Organizing 🎉 committee ".repeat(10).strip();
        var mail = send(name + " <mail@example.com>", RECIPIENT, "Subject", "Text", null);
        assertThat(((InternetAddress) mail.message().getFrom()[0]).getPersonal())
                .isEqualTo(name);
    }

    @Test
    void longAddressStaysWhole() {
        var address = "a".repeat(64) + "@" + ("b".repeat(60) + ".").repeat(3) + "example";
        var mail = send(SENDER, address, "Subject", "Text", null);
        assertThat(mail.recipient()).isEqualTo(address);
        assertThat(mail.header("To")).isEqualTo(address);
    }

    @Test
    void headersSayThatAProgramSentIt() {
        var mail = send(SENDER, RECIPIENT, "Subject", "Text", null);
        assertThat(mail.hello()).isEqualTo("compete.example");
        assertThat(mail.header("Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(mail.header("Message-ID")).isEqualTo("<" + ID + "@compete.example>");
        assertThat(mail.content()).doesNotContainIgnoringCase("\r\nCc:").doesNotContainIgnoringCase("\r\nBcc:");
    }

    @Test
    void attachmentArrivesAsItIs() throws Exception {
        var text = "BEGIN:VCALENDAR\r\nSUMMARY:Zoë 🎉\r\n" + "X".repeat(2_000) + "\r\n";
        var mail = send(
                SENDER, RECIPIENT, "Subject", "Text", new Attachment("a.ics", "text/calendar; charset=UTF-8", text));
        var parts = (MimeMultipart) mail.message().getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(1).getFileName()).isEqualTo("a.ics");
        assertThat(parts.getBodyPart(1).getInputStream().readAllBytes())
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Delivery send(
            String from, String recipient, String subject, String text, @Nullable Attachment attachment) {
        var before = server.deliveries().size();
        var message = new SmtpMessages(from, "compete.example").create(ID, recipient, subject, text, attachment);
        try {
            client.sendMail(message).toCompletionStage().toCompletableFuture().get(10, SECONDS);
        } catch (Exception e) {
            throw new AssertionError("refused: " + server.refusals(), e);
        }
        assertThat(server.deliveries()).hasSize(before + 1);
        return requireNonNull(server.deliveries().get(before));
    }
}
