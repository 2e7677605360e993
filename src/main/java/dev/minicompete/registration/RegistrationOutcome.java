package dev.minicompete.registration;

import java.time.Instant;
import java.util.UUID;

/**
 * What the database decided about a {@link RegisterCommand}.
 *
 * @param registrationId the registration made, made before, or in the way; or null
 * @param position on the waitlist when it was made, or null
 * @param note of the registration that was made before with the same key
 * @param capacity of the competition
 */
record RegistrationOutcome(
        Decision decision,
        UUID registrationId,
        String status,
        Long position,
        String note,
        Instant createdAt,
        Integer capacity) {

    /** In the order in which they are looked for. */
    enum Decision {
        ACCOUNT_GONE,
        REPLAYED,
        NOT_FOUND,
        CANCELLED,
        CLOSED,
        ALREADY_REGISTERED,
        CONFIRMED,
        WAITLISTED,
        FULL
    }
}
