package dev.minicompete.registration;

import dev.minicompete.competition.CompetitionStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * A competition's seats at a moment, and how one participant stands in it.
 *
 * @param status of the competition
 * @param started whether it is too late to cancel a registration
 * @param registrationId the participant's confirmed or waitlisted registration, or null
 * @param registrationStatus its status, or null
 * @param waitlistPosition 1 for the next to get a seat; null for those not waiting
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
        String registrationStatus,
        Long waitlistPosition,
        String note) {

    /** Whether the participant has a seat. */
    public boolean isConfirmed() {
        return RegistrationStatus.CONFIRMED.equals(registrationStatus);
    }

    /** Whether the participant waits for one. */
    public boolean isWaiting() {
        return RegistrationStatus.WAITLISTED.equals(registrationStatus);
    }
}
