package dev.minicompete.platform.http.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** Timestamps of <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339</a>, section 5.6, years 0001 to 9999. */
final class Rfc3339 {

    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})[Tt](\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,32}))?"
                    + "(?:[Zz]|([+-])(\\d{2}):(\\d{2}))");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Rfc3339() {}

    /**
     * Reads a timestamp; digits beyond microseconds, which PostgreSQL could not keep, are cut off.
     *
     * @throws DateTimeException when the text is not such a timestamp, has no zone or lies outside the years 0001 to 9999
     */
    public static Instant parse(String text) {
        var match = DATE_TIME.matcher(text);
        if (!match.matches()) {
            throw new DateTimeException("not an RFC 3339 timestamp");
        }
        var date = LocalDate.of(number(match.group(1)), number(match.group(2)), number(match.group(3)));
        var time = LocalTime.of(
                number(match.group(4)), number(match.group(5)), number(match.group(6)), nanos(match.group(7)));
        var instant = LocalDateTime.of(date, time)
                .toInstant(offset(match.group(8), match.group(9), match.group(10)))
                .truncatedTo(ChronoUnit.MICROS);
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new DateTimeException("the year must be between 0001 and 9999");
        }
        return instant;
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : number((fraction + "000000000").substring(0, 9));
    }

    private static ZoneOffset offset(String sign, String hours, String minutes) {
        if (sign == null) {
            return ZoneOffset.UTC;
        }
        if (number(hours) > 23 || number(minutes) > 59) {
            throw new DateTimeException("not an offset");
        }
        var seconds = number(hours) * 3600 + number(minutes) * 60;
        if (seconds > 18 * 3600) {
            throw new DateTimeException("no zone lies more than 18 hours from UTC");
        }
        return ZoneOffset.ofTotalSeconds(sign.equals("-") ? -seconds : seconds);
    }
}
