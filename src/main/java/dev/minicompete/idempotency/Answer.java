package dev.minicompete.idempotency;

/**
 * An HTTP answer that a retry gets again to the byte.
 *
 * @param location the Location header, or null
 * @param body JSON
 * @param replayed whether it was given before
 */
public record Answer(int status, String location, String body, boolean replayed) {

    /** The same answer, given again. */
    Answer again() {
        return new Answer(status, location, body, true);
    }
}
