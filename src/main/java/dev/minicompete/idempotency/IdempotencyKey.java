package dev.minicompete.idempotency;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the retries of a request. A client sends it bare, or as the quoted string of
 * draft-ietf-httpapi-idempotency-key-header-07; both are the same key.
 *
 * @param text 1 to 255 visible ASCII characters, without the quotes
 */
public record IdempotencyKey(String text) {

    /** The name of the header. */
    public static final String HEADER = "Idempotency-Key";

    private static final int MAXIMUM_LENGTH = 255;

    /**
     * Parses the key.
     *
     * @param header the values of all headers of this name; null or empty if there are none
     * @throws ProblemException {@code idempotency-key-missing} or {@code idempotency-key-invalid}
     */
    public static IdempotencyKey of(@Nullable List<String> header) {
        if (header == null || header.isEmpty()) {
            throw ProblemException.of(
                    ProblemType.IDEMPOTENCY_KEY_MISSING,
                    "Send an " + HEADER + " header, new for each registration and the same for each retry.");
        }
        var text = unquoted(header.get(0).strip());
        if (header.size() > 1 || text == null || !isValid(text)) {
            throw ProblemException.of(
                    ProblemType.IDEMPOTENCY_KEY_INVALID,
                    "The " + HEADER + " must be one value of 1 to 255 visible ASCII characters.");
        }
        return new IdempotencyKey(text);
    }

    private static boolean isValid(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '!' || text.charAt(i) > '~') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAXIMUM_LENGTH;
    }

    /** Removes the quotes; returns null if they are unbalanced. */
    private static @Nullable String unquoted(String value) {
        var starts = value.startsWith("\"");
        var ends = value.endsWith("\"") && value.length() > 1;
        if (starts && ends) {
            return value.substring(1, value.length() - 1);
        }
        return starts || ends ? null : value;
    }
}
