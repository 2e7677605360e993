package dev.minicompete.platform.http.paging;

import dev.minicompete.platform.http.problem.ProblemException;
import java.util.Collection;
import java.util.UUID;

/** Reads path and query parameters. */
public final class Parameters {

    private Parameters() {}

    /**
     * An id in a path.
     *
     * @throws ProblemException {@code not-found} when it is malformed, as for an unknown one
     */
    public static UUID pathId(String text) {
        var id = id(text);
        if (id == null) {
            throw ProblemException.notFound();
        }
        return id;
    }

    /**
     * An id in a query, or null.
     *
     * @throws ProblemException {@code validation} when it is malformed
     */
    public static UUID queryId(String name, String text) {
        var id = text == null ? null : id(text);
        if (text != null && id == null) {
            throw ProblemException.invalid(name, "must be an id");
        }
        return id;
    }

    /** The id in the canonical text form of RFC 9562, or null; UUID.fromString takes much else. */
    private static UUID id(String text) {
        try {
            var id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? id : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
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
