package dev.minicompete.platform.http.json;

import dev.minicompete.platform.http.problem.Checks;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Trims and validates text fields. Lengths are in Unicode code points. Surrounding white space, by the Unicode property
 * White_Space, is removed.
 */
public final class Text {

    private static final Pattern SURROUNDING = Pattern.compile("^\\p{IsWhite_Space}+|\\p{IsWhite_Space}+$");

    /** Control characters, line and paragraph separators, and the bidirectional controls of UAX #9. */
    private static final Pattern CONTROLS =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    /** Formats, combining marks, separators, private use, and letters without a visible glyph. */
    private static final Pattern INVISIBLE = Pattern.compile(
            "[\\p{Cc}\\p{Cf}\\p{Co}\\p{M}\\p{Z}\\p{IsWhite_Space}\\u115F\\u1160\\u2800\\u3164\\uFFA0]*");

    private Text() {}

    /**
     * Checks a text of one line, such as a name or a title; null passes.
     *
     * @return the text without surrounding white space
     */
    public static @Nullable String line(Checks checks, String pointer, @Nullable String value, int maximum) {
        if (value == null) {
            return null;
        }
        var line = block(checks, pointer, value, maximum);
        if (line.isEmpty()) {
            checks.reject(pointer, "must not be blank");
        } else if (CONTROLS.matcher(line).find()) {
            checks.reject(pointer, "must not contain control characters");
        } else if (INVISIBLE.matcher(line).matches()) {
            checks.reject(pointer, "must contain a visible character");
        }
        return line;
    }

    /**
     * Checks a text of several lines, which may be empty.
     *
     * @return the text without surrounding white space
     */
    public static String block(Checks checks, String pointer, String value, int maximum) {
        var text = trim(value);
        checks.require(length(text) <= maximum, pointer, "must have at most " + maximum + " characters");
        return text;
    }

    /** The text without surrounding white space. */
    public static String trim(String text) {
        return SURROUNDING.matcher(text).replaceAll("");
    }

    /** The number of code points. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
