package dev.minicompete.registration;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A registration as its participant and the organizer see it. */
@Schema(name = "Registration")
@RegisterForReflection
public record RegistrationView(
        UUID id,
        UUID competitionId,
        UUID participantId,

        @Schema(
                enumeration = {
                    Registration.CONFIRMED,
                    Registration.WAITLISTED,
                    Registration.CANCELLED,
                    Registration.EXPIRED
                })
        String status,

        @Schema(
                nullable = true,
                description = "1 for the next to get a seat; null for those not waiting",
                examples = "3")
        Long waitlistPosition,

        @Schema(nullable = true, examples = "I bring a friend.")
        String note,

        Instant createdAt,
        @Schema(nullable = true) Instant cancelledAt) {

    static RegistrationView of(Registration registration, Long waitlistPosition) {
        return new RegistrationView(
                registration.id,
                registration.competitionId,
                registration.participantId,
                registration.status,
                waitlistPosition,
                registration.note,
                registration.createdAt,
                registration.cancelledAt);
    }
}
