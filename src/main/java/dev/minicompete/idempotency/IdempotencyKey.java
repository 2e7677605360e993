package dev.minicompete.idempotency;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import java.util.List;

/**
 * The text by which a client marks its tries as one request. It comes bare, or as the quoted string of
 * draft-ietf-httpapi-idempotency-key-header; both name the same key.
 *
 * @param text 1 to 255 visible ASCII characters, without the quotes
 */
public record IdempotencyKey(String text) {

    /** The header it comes in. */
    public static final String HEADER = "Idempotency-Key";

    private static final int MAXIMUM_LENGTH = 255;

    /**
     * Reads the key.
     *
     * @param header the values of the header, one for each time it was sent; null or empty when it was not
     * @throws ProblemException when it is absent or no good
     */
    public static IdempotencyKey of(List<String> header) {
        if (header == null || header.isEmpty()) {
            throw ProblemException.of(
                    ProblemType.IDEMPOTENCY_KEY_MISSING,
                    "Send an " + HEADER + " header, new for each registration and the same for each retry.");
        }
        var text = unquoted(header.get(0).strip());
        if (header.size() > 1 || text == null || !isFit(text)) {
            throw ProblemException.of(
                    ProblemType.IDEMPOTENCY_KEY_INVALID,
                    "The " + HEADER + " must be one value of 1 to 255 visible ASCII characters.");
        }
        return new IdempotencyKey(text);
    }

    private static boolean isFit(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '!' || text.charAt(i) > '~') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAXIMUM_LENGTH;
    }

    /** The text without its quotes, or null when they are unbalanced. */
    private static String unquoted(String value) {
        var opened = value.startsWith("\"");
        var closed = value.endsWith("\"") && value.length() > 1;
        if (opened && closed) {
            return value.substring(1, value.length() - 1);
        }
        return opened || closed ? null : value;
    }
}
