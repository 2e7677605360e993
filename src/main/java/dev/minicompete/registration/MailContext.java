package dev.minicompete.registration;

import dev.minicompete.platform.postgres.Rows;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What mails about a registration tell.
 *
 * @param name the participant's
 * @param location or null
 * @param position the place on the waitlist that was given, or null
 * @param taking whether the registration is confirmed and the competition is on
 */
public record MailContext(String name, String title, String location, Instant startsAt, Long position, boolean taking) {

    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private static final DateTimeFormatter FOR_PEOPLE =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu 'at' HH:mm 'UTC'", Locale.ENGLISH);

    static MailContext of(Row row) {
        return new MailContext(
                oneLine(row.getString("name")),
                oneLine(row.getString("title")),
                row.getString("location"),
                Rows.instant(row, "starts_at"),
                row.getLong("first_position"),
                row.getBoolean("taking"));
    }

    /** Nobody can send a title of two lines; but were there one, it would end the subject and begin a header. */
    private static String oneLine(String text) {
        return LINE_BREAKS.matcher(text).replaceAll(" ").strip();
    }

    /** The start in words, with its zone. */
    public String start() {
        return FOR_PEOPLE.format(startsAt.atOffset(ZoneOffset.UTC));
    }
}
