package dev.minicompete.platform.http.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Timestamps of <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a>, section 5.6, years 0001 to 9999. */
public final class Rfc3339 {

    /** ISO_OFFSET_DATE_TIME accepts more: no seconds, a fraction without digits, offsets with seconds. */
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .appendOffset("+HH:MM", "Z")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Rfc3339() {}

    /**
     * Parses a timestamp. Digits beyond microseconds are cut off, since PostgreSQL does not store them.
     *
     * @throws DateTimeException when the text is not such a timestamp, has no offset, or lies outside the years 0001 to 9999
     */
    static Instant parse(String text) {
        var nanoseconds = text.replaceFirst("(\\.\\d{9})\\d+", "$1");
        return storable(OffsetDateTime.parse(nanoseconds, FORMAT).toInstant());
    }

    /**
     * Cuts off what is shorter than a microsecond.
     *
     * @throws DateTimeException when the time lies outside the years 0001 to 9999
     */
    public static Instant storable(Instant time) {
        var instant = time.truncatedTo(ChronoUnit.MICROS);
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new DateTimeException("the year must be between 0001 and 9999");
        }
        return instant;
    }
}
