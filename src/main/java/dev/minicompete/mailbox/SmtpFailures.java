package dev.minicompete.mailbox;

import dev.minicompete.jobs.JobFailedException;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.ext.mail.SMTPException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Explains why a mail was not sent: a sentence and the server's codes (RFC 5321, section 4.2; RFC 3463), without the server's text, which
 * may name the recipient. Permanent is what the server says for good (5yz) about the recipient or the mail. What it says about us, such
 * as a wrong password, goes away when the operator mends it.
 */
final class SmtpFailures {

    /** A reply with its enhanced status code. */
    private static final Pattern ENHANCED = Pattern.compile("\\d{3}[ -]([245]\\.\\d{1,3}\\.\\d{1,3})(?: .*)?");

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
        if (failure instanceof ConnectException) {
            return "The mail server refused the connection";
        }
        if (failure instanceof TimeoutException) {
            return "The mail server did not answer in time";
        }
        if (failure instanceof SSLException) {
            return "There is no secure connection to the mail server";
        }
        return "The mail server could not be used";
    }

    private static JobFailedException explain(SMTPException reply) {
        var subject = Subject.of(reply);
        var enhanced = ENHANCED.matcher(reply.getReplyMessage());
        var codes = reply.getReplyCode() + (enhanced.matches() ? " " + enhanced.group(1) : "");
        var full = codes.endsWith(".2.2") || reply.getReplyCode() == 552 && !enhanced.matches();
        var permanent = reply.isPermanent() && subject.isAboutTheMail();
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
        SESSION("", "The mail server rejected the connection");

        private final String beginning;
        private final String sentence;

        Subject(String beginning, String sentence) {
            this.beginning = beginning;
            this.sentence = sentence;
        }

        static Subject of(SMTPException reply) {
            // RFC 4954, section 6: 530 requires a log-in, whatever the command was.
            if (reply.getReplyCode() == 530) {
                return LOGIN;
            }
            for (var subject : values()) {
                if (String.valueOf(reply.getMessage()).startsWith(subject.beginning)) {
                    return subject;
                }
            }
            return SESSION;
        }

        boolean isAboutTheMail() {
            return this == RECIPIENT || this == CONTENT || this == DATA;
        }
    }
}
