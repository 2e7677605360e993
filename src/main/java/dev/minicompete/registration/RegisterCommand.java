package dev.minicompete.registration;

import java.util.UUID;

/**
 * One participant's wish for a seat.
 *
 * @param registrationId the id that the registration will have
 * @param key the text of the idempotency key
 * @param traceParent the request's place in its trace, or null
 */
record RegisterCommand(
        UUID registrationId, UUID competitionId, UUID participantId, String key, String note, String traceParent) {

    /** Two wishes of one participant for one competition depend on each other and cannot share a batch. */
    record Rivalry(UUID competitionId, UUID participantId) {}

    Rivalry conflictKey() {
        return new Rivalry(competitionId, participantId);
    }
}
