package dev.minicompete.registration;

import dev.minicompete.jobs.Job;
import dev.minicompete.mailbox.MailDelivery;
import dev.minicompete.mailbox.MailKind;
import dev.minicompete.platform.http.PublicUrl;
import dev.minicompete.platform.postgres.Rows;
import io.vertx.mutiny.sqlclient.Row;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The text of a mail to a participant about their registration. In {@code lead} and {@code closing}, {@code %1$s} is the
 * competition's title and {@code %2$d} the place on the waitlist that the registration got.
 *
 * @param subject what precedes the title in the subject
 * @param lead the first paragraph, before the date and the place
 * @param closing the last paragraph
 */
public record RegistrationMailText(MailKind kind, String subject, String lead, String closing) {

    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu 'at' HH:mm 'UTC'", Locale.ENGLISH);

    /** Writes the mail of a job from a row with the columns of {@link RegistrationMailHandler#FIND}. */
    MailDelivery.Mail write(Job job, Row row, PublicUrl publicUrl) {
        var title = oneLine(row.getString("title"));
        var location = row.getString("location");
        var position = row.getLong("first_position");
        var body = new StringBuilder()
                .append("Hello ")
                .append(oneLine(row.getString("name")))
                .append(",\n\n")
                .append(lead.formatted(title, position))
                .append("\n\nWhen:  ")
                .append(START.format(Rows.instant(row, "starts_at").atOffset(ZoneOffset.UTC)));
        if (location != null) {
            body.append("\nWhere: ").append(location);
        }
        body.append("\n\n")
                .append(closing.formatted(title, position))
                .append("\n\n")
                .append(publicUrl.of("/competitions/" + row.getUUID("competition_id")))
                .append("\n\nMini Compete");
        return new MailDelivery.Mail(job, kind, subject + ": " + title, body.toString());
    }

    /** A line break in a title would end the subject and start another header. */
    private static String oneLine(String text) {
        return LINE_BREAKS.matcher(text).replaceAll(" ").strip();
    }
}
