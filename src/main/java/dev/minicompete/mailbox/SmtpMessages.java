package dev.minicompete.mailbox;

import dev.minicompete.mailbox.MailAttachments.Attachment;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.codec.EncoderUtil.Usage;
import org.apache.james.mime4j.util.MimeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Creates messages for the Vert.x mail client. It sets the headers that have texts or addresses, since those of the client are not valid
 * on the wire: it folds by a bare LF (github.com/vert-x3/vertx-mail-client, pull request 249), encodes the halves of a surrogate pair
 * each on its own, so that they arrive as {@code ??}, and writes names as comments (issue 174).
 */
final class SmtpMessages {

    private static final Pattern NAMED = Pattern.compile("(.*?)\\s*<([^<>]*)>");

    private static final int LINE = 76;

    private final String sender;
    private final String from;
    private final String domain;

    /**
     * @param from an address, or {@code Name <address>}
     * @param domain what follows the at sign in each Message-ID
     */
    SmtpMessages(String from, String domain) {
        var named = NAMED.matcher(from);
        this.sender = named.matches() ? named.group(2) : from;
        this.from = named.matches() && !named.group(1).isEmpty()
                ? MimeUtil.fold(displayName(named.group(1)) + " <" + sender + ">", "From: ".length())
                : sender;
        this.domain = domain;
    }

    /** Creates the message. Those with the same id have the same Message-ID. */
    MailMessage create(UUID id, String recipient, String subject, String text, @Nullable Attachment attachment) {
        var message = new MailMessage()
                .setFrom(sender)
                .setTo(recipient)
                .setText(text)
                .addHeader("From", from)
                .addHeader("To", recipient)
                .addHeader("Subject", encode(subject, "Subject: ".length()))
                .addHeader("Message-ID", "<" + id + "@" + domain + ">")
                // RFC 3834, section 5: so that nobody's absence notice answers.
                .addHeader("Auto-Submitted", "auto-generated");
        if (attachment != null) {
            message.setAttachment(List.of(MailAttachment.create()
                    .setName(attachment.name())
                    .setContentType(attachment.contentType())
                    .setData(Buffer.buffer(attachment.text().getBytes(StandardCharsets.UTF_8)))));
        }
        return message;
    }

    /**
     * Encodes a text as RFC 2047 says. What is one line of ASCII stays as it is, except what a reader would decode. Control characters become
     * spaces, since a line break that is decoded could begin another header.
     *
     * @param used how much of the first line the header's name takes
     */
    private static String encode(String value, int used) {
        var text = value.replaceAll("\\p{Cc}+", " ");
        if (used + text.length() <= LINE && !EncoderUtil.hasToBeEncoded(text, used) && !text.contains("=?")) {
            return text;
        }
        var words = EncoderUtil.encodeEncodedWord(text, Usage.TEXT_TOKEN, used, StandardCharsets.UTF_8, null);
        return MimeUtil.fold(words, used);
    }

    private static String displayName(String name) {
        var quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
        var plain = quoted ? name.substring(1, name.length() - 1).replaceAll("\\\\(.)", "$1") : name;
        return EncoderUtil.encodeAddressDisplayName(plain);
    }
}
