package dev.minicompete.registration;

import dev.minicompete.competition.CompetitionStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * The seats of a competition and the registration of one participant.
 *
 * @param status the status of the competition
 * @param started whether the competition has started, so that registrations cannot be cancelled any more
 * @param registrationId the participant's confirmed or waitlisted registration, or null
 * @param registrationStatus its status, or null
 * @param waitlistPosition 1 for the next to get a seat; null if the participant is not on the waitlist
 * @param note the note of the registration, or null
 */
public record SeatAvailability(
        UUID competitionId,
        UUID organizerId,
        int capacity,
        int registered,
        boolean waitlist,
        int waitlisted,
        CompetitionStatus status,
        Instant regDeadline,
        boolean started,
        UUID registrationId,
        RegistrationStatus registrationStatus,
        Long waitlistPosition,
        String note) {

    /** Whether the participant has a seat. */
    public boolean isConfirmed() {
        return registrationStatus == RegistrationStatus.CONFIRMED;
    }

    /** Whether the participant is on the waitlist. */
    public boolean isWaiting() {
        return registrationStatus == RegistrationStatus.WAITLISTED;
    }
}
