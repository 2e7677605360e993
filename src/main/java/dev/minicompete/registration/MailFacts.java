package dev.minicompete.registration;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What mails about a registration tell.
 *
 * @param name the participant's
 * @param location or null
 * @param position the place on the waitlist that was given, or null
 * @param taking whether the registration is confirmed and the competition is on
 */
public record MailFacts(String name, String title, String location, Instant startsAt, Long position, boolean taking) {

    private static final DateTimeFormatter FOR_PEOPLE =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu 'at' HH:mm 'UTC'", Locale.ENGLISH);

    static MailFacts of(Row row) {
        return new MailFacts(
                oneLine(row.getString("name")),
                oneLine(row.getString("title")),
                row.getString("location"),
                row.getOffsetDateTime("starts_at").toInstant(),
                row.getLong("first_position"),
                row.getBoolean("taking"));
    }

    /** Nobody can send a title of two lines; but were there one, it would end the subject and begin a header. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ").strip();
    }

    /** The start in words, with its zone. */
    public String start() {
        return FOR_PEOPLE.format(startsAt.atOffset(ZoneOffset.UTC));
    }
}
