package dev.minicompete.http;

import dev.minicompete.problem.ProblemException;
import java.util.Collection;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads path and query parameters. */
public final class Parameters {

    /** The canonical text form of RFC 9562; UUID.fromString takes much else. */
    private static final Pattern CANONICAL = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private Parameters() {}

    /**
     * An id in a path.
     *
     * @throws ProblemException {@code not-found} when it is malformed, as for an unknown one
     */
    public static UUID pathId(String text) {
        if (!CANONICAL.matcher(text).matches()) {
            throw ProblemException.notFound();
        }
        return UUID.fromString(text);
    }

    /**
     * An id in a query, or null.
     *
     * @throws ProblemException {@code validation} when it is malformed
     */
    public static UUID queryId(String name, String text) {
        if (text != null && !CANONICAL.matcher(text).matches()) {
            throw ProblemException.invalid(name, "must be an id");
        }
        return text == null ? null : UUID.fromString(text);
    }

    /**
     * One of a fixed set of words, or null.
     *
     * @throws ProblemException {@code validation} when it is another
     */
    public static String oneOf(String name, String text, Collection<String> words) {
        if (text != null && !words.contains(text)) {
            throw ProblemException.invalid(name, "must be one of " + String.join(", ", words));
        }
        return text;
    }

    /**
     * Any text, or null.
     *
     * @throws ProblemException {@code validation} when it has a NUL, which PostgreSQL knows no text with
     */
    public static String text(String name, String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw ProblemException.invalid(name, "must not contain NUL");
        }
        return text;
    }
}
