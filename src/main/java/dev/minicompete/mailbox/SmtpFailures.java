package dev.minicompete.mailbox;

import dev.minicompete.jobs.JobFailedException;
import io.netty.channel.ConnectTimeoutException;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.ext.mail.SMTPException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a mail was not sent: a sentence and the server's codes (RFC 5321, section 4.2; RFC 3463), without the server's text, which
 * may name the recipient. Permanent is what the server says for good (5yz) about the recipient or the mail. What it says about us, such
 * as a wrong password or a blocked address, goes away when the operator mends it.
 */
final class SmtpFailures {

    /** The code and the enhanced status code, if there is one, of the first line of a reply. */
    private static final Pattern REPLY =
            Pattern.compile("([2-5][0-5]\\d)(?:[ -](?:([245]\\.\\d{1,3}\\.\\d{1,3})(?!\\S))?.*)?", Pattern.DOTALL);

    private SmtpFailures() {}

    /** Explains a failure of the mail client. */
    static JobFailedException explain(Throwable failure) {
        if (failure instanceof SMTPException reply) {
            return explain(reply);
        }
        if (failure instanceof IllegalArgumentException) {
            return new JobFailedException("The recipient's address is invalid", true, failure);
        }
        return new JobFailedException(sentence(failure), false, failure);
    }

    private static String sentence(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return "The name of the mail server cannot be resolved";
        }
        // That of Netty is a ConnectException, too.
        if (failure instanceof TimeoutException || failure instanceof ConnectTimeoutException) {
            return "The mail server did not answer in time";
        }
        if (failure instanceof ConnectException) {
            return "The mail server refused the connection";
        }
        if (failure instanceof SSLException) {
            return "There is no secure connection to the mail server";
        }
        return "The mail server could not be used";
    }

    private static JobFailedException explain(SMTPException reply) {
        var parsed = REPLY.matcher(reply.getReplyMessage());
        if (!parsed.matches()) {
            return new JobFailedException("The mail server's answer is not valid", false, reply);
        }
        var code = parsed.group(1);
        var enhanced = Optional.ofNullable(parsed.group(2)).orElse("");
        var subject = Subject.of(reply, code, enhanced);
        var codes = (code + " " + enhanced).strip();
        var full = enhanced.endsWith(".2.2") || code.equals("552") && enhanced.isEmpty();
        var permanent = code.startsWith("5") && subject.isAboutTheMail();
        return new JobFailedException(sentence(subject, permanent, full) + ": " + codes, permanent, reply);
    }

    private static String sentence(Subject subject, boolean permanent, boolean full) {
        if (full && subject.isAboutTheMail()) {
            return "The recipient's mailbox is full";
        }
        return subject.isAboutTheMail() && !permanent ? "The mail server postponed the mail" : subject.sentence;
    }

    /** What a reply is about. The exception has no other sign of it than how its message begins. */
    private enum Subject {
        RECIPIENT("recipient address not accepted", "The mail server rejected the recipient's address"),
        CONTENT("sending data failed", "The mail server rejected the mail"),
        DATA("DATA command not accepted", "The mail server rejected the mail"),
        SENDER("sender address not accepted", "The mail server rejected the sender's address"),
        LOGIN("AUTH ", "The mail server rejected the user name or the password"),
        /** No beginning: see {@link #isPolicy}. */
        POLICY(null, "The mail server does not allow the mail"),
        SESSION("", "The mail server rejected the connection");

        private final @Nullable String beginning;
        private final String sentence;

        Subject(@Nullable String beginning, String sentence) {
            this.beginning = beginning;
            this.sentence = sentence;
        }

        static Subject of(SMTPException reply, String code, String enhanced) {
            // RFC 4954, section 6: 530 requires a log-in, after any command.
            if (code.equals("530")) {
                return LOGIN;
            }
            var subject = Stream.of(values())
                    .filter(candidate -> candidate.beginning != null
                            && String.valueOf(reply.getMessage()).startsWith(candidate.beginning))
                    .findFirst()
                    .orElse(SESSION);
            return isPolicy(subject, enhanced) ? POLICY : subject;
        }

        /**
         * Whether a reply to the recipient or the mail is about us: no relaying, SPF, DKIM, a blocked address (RFC 3463, section 3.8; RFC
         * 7372). After the mail, 5.7.1 is about what the server has read in it.
         */
        private static boolean isPolicy(Subject subject, String enhanced) {
            return subject.isAboutTheMail()
                    && enhanced.startsWith("5.7.")
                    && !(subject == CONTENT && enhanced.equals("5.7.1"));
        }

        boolean isAboutTheMail() {
            return this == RECIPIENT || this == CONTENT || this == DATA;
        }
    }
}
