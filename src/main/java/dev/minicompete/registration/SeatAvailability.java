package dev.minicompete.registration;

import dev.minicompete.competition.CompetitionStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The seats of a competition and the registration of one participant.
 *
 * @param status the status of the competition
 * @param started whether the competition has started, so that registrations cannot be cancelled any more
 * @param registrationId the participant's confirmed or waitlisted registration; null if there is none
 * @param registrationStatus its status; null if there is no registration
 * @param waitlistPosition 1 for the next to get a seat; null if the participant is not on the waitlist
 * @param note the note of the registration
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
        @Nullable UUID registrationId,
        @Nullable RegistrationStatus registrationStatus,
        @Nullable Long waitlistPosition,
        @Nullable String note) {

    /** Whether the participant has a seat. */
    public boolean isConfirmed() {
        return registrationStatus == RegistrationStatus.CONFIRMED;
    }

    /** Whether the participant is on the waitlist. */
    public boolean isWaiting() {
        return registrationStatus == RegistrationStatus.WAITLISTED;
    }
}
