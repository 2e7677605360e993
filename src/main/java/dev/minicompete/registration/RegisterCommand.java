package dev.minicompete.registration;

import dev.minicompete.idempotency.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A participant's request for a seat.
 *
 * @param note the participant's note for the organizer
 */
public record RegisterCommand(
        UUID competitionId,
        UUID participantId,
        IdempotencyKey key,
        @Nullable String note) {

    /** The scope of the idempotency key. */
    public String scope() {
        return competitionId + ":" + participantId;
    }

    /** Identifies the content of the request, to recognise a key that is reused with another note. */
    public String fingerprint() {
        return note == null ? "-" : "+" + UUID.nameUUIDFromBytes(note.getBytes(StandardCharsets.UTF_8));
    }
}
