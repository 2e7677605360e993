package dev.minicompete.competition;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Formats a competition as an iCalendar object (RFC 5545). */
final class CalendarFile {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** An event without an end has no length (section 3.6.1), and some programs do not show it. */
    private static final String ASSUMED_DURATION = "DURATION:PT1H";

    private static final int LINE_OCTETS = 75;

    private final StringBuilder text = new StringBuilder();

    private CalendarFile() {}

    /**
     * Formats a competition. Its UID never changes and its SEQUENCE grows with each edit, so that a calendar updates its entry.
     * There is no METHOD, since the file is not a message of a scheduling protocol.
     *
     * @param publicUrl makes an address of the path of a page
     */
    static String of(Competition competition, UnaryOperator<String> publicUrl) {
        var file = new CalendarFile();
        file.line("BEGIN:VCALENDAR");
        file.line("VERSION:2.0");
        file.line("PRODID:-//Mini Compete//Mini Compete//EN");
        file.line("BEGIN:VEVENT");
        file.line("UID:" + competition.id + "@mini-compete");
        file.line("SEQUENCE:" + competition.version);
        file.line("DTSTAMP:" + utc(competition.updatedAt));
        file.line("CREATED:" + utc(competition.createdAt));
        file.line("LAST-MODIFIED:" + utc(competition.updatedAt));
        file.line("DTSTART:" + utc(competition.startsAt));
        file.line(competition.endsAt == null ? ASSUMED_DURATION : "DTEND:" + utc(competition.endsAt));
        file.line("SUMMARY:" + escaped(competition.title));
        if (!competition.description.isEmpty()) {
            file.line("DESCRIPTION:" + escaped(competition.description));
        }
        if (competition.location != null) {
            file.line("LOCATION:" + escaped(competition.location));
        }
        file.line("URL:" + publicUrl.apply("/competitions/" + competition.id));
        file.line("STATUS:" + (competition.cancelledAt == null ? "CONFIRMED" : "CANCELLED"));
        file.line("END:VEVENT");
        file.line("END:VCALENDAR");
        return file.text.toString();
    }

    /** Appends a content line, folded after 75 octets (section 3.1) but never within a character. */
    private void line(String line) {
        var octets = 0;
        for (var i = 0; i < line.length(); ) {
            var character = Character.toString(line.codePointAt(i));
            var length = character.getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > LINE_OCTETS) {
                text.append("\r\n ");
                octets = 1;
            }
            text.append(character);
            octets += length;
            i += character.length();
        }
        text.append("\r\n");
    }

    /** Escapes text (section 3.3.11) and drops control characters, which text must not contain. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace(";", "\\;")
                .replace(",", "\\,")
                .replaceAll("\\r\\n|\\r|\\n", "\\\\n")
                .replaceAll("[\\p{Cntrl}&&[^\\t]]", "");
    }

    private static String utc(Instant instant) {
        return UTC.format(instant);
    }
}
