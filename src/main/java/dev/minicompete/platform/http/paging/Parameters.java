package dev.minicompete.platform.http.paging;

import dev.minicompete.platform.http.problem.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses query parameters. An absent parameter is null, or false. */
public final class Parameters {

    private Parameters() {}

    /**
     * Parses an id.
     *
     * @throws ProblemException {@code validation} when it is malformed
     */
    public static @Nullable UUID queryId(String name, @Nullable String text) {
        return text == null ? null : parseId(text).orElseThrow(() -> ProblemException.invalid(name, "must be an id"));
    }

    /**
     * Parses an id in the text form of RFC 9562, section 4, in upper or lower case; empty when it is malformed.
     * {@code UUID.fromString} alone accepts other forms, such as {@code 1-1-1-1-1}.
     */
    static Optional<UUID> parseId(String text) {
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equalsIgnoreCase(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * Finds the value whose {@code toString()} is this text.
     *
     * @throws ProblemException {@code validation} when there is none
     */
    public static <T> @Nullable T oneOf(String name, @Nullable String text, Collection<T> values) {
        if (text == null) {
            return null;
        }
        return values.stream()
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalid(
                        name,
                        "must be one of "
                                + values.stream().map(Object::toString).collect(Collectors.joining(", "))));
    }

    /**
     * Parses {@code true} or {@code false}; false when it is absent.
     *
     * @throws ProblemException {@code validation} when it is another text
     */
    public static boolean flag(String name, @Nullable String text) {
        return "true".equals(oneOf(name, text, List.of("true", "false")));
    }

    /**
     * Checks a text.
     *
     * @return the text
     * @throws ProblemException {@code validation} when it contains NUL, which PostgreSQL cannot store or compare
     */
    public static @Nullable String text(String name, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw ProblemException.invalid(name, "must not contain NUL");
        }
        return text;
    }
}
