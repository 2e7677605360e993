package dev.minicompete.idempotency;

/**
 * An HTTP answer that a retry gets again to the byte.
 *
 * @param location the Location header, or null
 * @param body JSON
 * @param replayed whether it was given before
 */
public record IdempotentResponse(int status, String location, String body, boolean replayed) {

    /** The same answer, given again. */
    IdempotentResponse again() {
        return new IdempotentResponse(status, location, body, true);
    }
}
