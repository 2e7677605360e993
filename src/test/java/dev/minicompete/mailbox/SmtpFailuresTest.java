package dev.minicompete.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.ext.mail.SMTPException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "recipient address not accepted, 550 5.1.1 <eve@example.com> unknown, true, The mail server rejected the recipient's address: 550 5.1.1",
        "recipient address not accepted, 550 no such user, true, The mail server rejected the recipient's address: 550",
        "recipient address not accepted, 501 5.1.3 bad address, true, The mail server rejected the recipient's address: 501 5.1.3",
        "recipient address not accepted, 451 4.7.1 greylisted, false, The mail server postponed the mail: 451 4.7.1",
        "recipient address not accepted, 452 4.2.2 over quota, false, The recipient's mailbox is full: 452 4.2.2",
        "recipient address not accepted, 552 5.2.2 over quota, true, The recipient's mailbox is full: 552 5.2.2",
        "recipient address not accepted, 552 over quota, true, The recipient's mailbox is full: 552",
        "recipient address not accepted, 421 4.3.2 shutting down, false, The mail server postponed the mail: 421 4.3.2",
        "recipient address not accepted, 530 5.7.0 log in first, false, The mail server rejected the user name or the password: 530 5.7.0",
        "recipient address not accepted, 554 5.7.1 relaying denied, false, The mail server does not allow the mail: 554 5.7.1",
        "recipient address not accepted, 550 5.7.25 no reverse name, false, The mail server does not allow the mail: 550 5.7.25",
        "DATA command not accepted, 554 5.7.1 blocked, false, The mail server does not allow the mail: 554 5.7.1",
        "sending data failed, 550 5.7.23 SPF, false, The mail server does not allow the mail: 550 5.7.23",
        "sending data failed, 554 5.7.1 spam, true, The mail server rejected the mail: 554 5.7.1",
        "sending data failed, 554 5.6.0 spam, true, The mail server rejected the mail: 554 5.6.0",
        "sending data failed, 452 4.3.1 disk full, false, The mail server postponed the mail: 452 4.3.1",
        "sending data failed, 552 5.3.4 too big, true, The mail server rejected the mail: 552 5.3.4",
        "sender address not accepted, 553 5.7.1 not yours, false, The mail server rejected the sender's address: 553 5.7.1",
        "sender address not accepted, 530 5.7.0 log in first, false, The mail server rejected the user name or the password: 530 5.7.0",
        "AUTH PLAIN failed, 535 5.7.8 wrong, false, The mail server rejected the user name or the password: 535 5.7.8",
        "got error response, 554 5.7.1 blocked, false, The mail server rejected the connection: 554 5.7.1",
        "HELO failed., 500 what, false, The mail server rejected the connection: 500"
    })
    void repliesAreExplainedByTheirCodes(String during, String reply, boolean permanent, String description) {
        var explained = SmtpFailures.explain(
                new SMTPException(during, Integer.parseInt(reply.substring(0, 3)), List.of(reply), false));
        assertThat(explained.description()).isEqualTo(description);
        assertThat(explained.isPermanent()).isEqualTo(permanent);
    }

    /** The mail client gives such replies the code 500. */
    @ParameterizedTest
    @ValueSource(strings = {"", "!!", "55", "hello there", "5500 no", "999 5.1.1 no", "55\u0660 5.1.1 no"})
    void replyWithoutACodeIsTemporaryAndNoCodeIsInvented(String reply) {
        var explained =
                SmtpFailures.explain(new SMTPException("recipient address not accepted", 500, List.of(reply), false));
        assertThat(explained.description()).isEqualTo("The mail server's answer is not valid");
        assertThat(explained.isPermanent()).isFalse();
    }

    /** RFC 5321, section 4.2: the text may be missing. The mail client gives such replies the code 500. */
    @Test
    void replyMayBeACodeAlone() {
        var explained =
                SmtpFailures.explain(new SMTPException("recipient address not accepted", 500, List.of("450"), false));
        assertThat(explained.description()).isEqualTo("The mail server postponed the mail: 450");
        assertThat(explained.isPermanent()).isFalse();
    }

    @Test
    void messageHasNothingOfTheServersText() {
        var explained = SmtpFailures.explain(new SMTPException(
                "recipient address not accepted", 550, List.of("550 5.1.1 <eve@example.com>"), false));
        assertThat(explained).hasMessage("The mail server rejected the recipient's address: 550 5.1.1");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), "The mail server refused the connection"),
                Arguments.of(new UnknownHostException("smtp"), "The name of the mail server cannot be resolved"),
                Arguments.of(new ConnectTimeoutException("timed out"), "The mail server did not answer in time"),
                Arguments.of(new TimeoutException(), "The mail server did not answer in time"),
                Arguments.of(new SSLHandshakeException("x"), "There is no secure connection to the mail server"),
                Arguments.of(new NoStackTraceThrowable("connection closed"), "The mail server could not be used"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultsOfTheConnectionAreTemporary(Throwable fault, String description) {
        assertThat(SmtpFailures.explain(fault).description()).isEqualTo(description);
        assertThat(SmtpFailures.explain(fault).isPermanent()).isFalse();
    }
}
