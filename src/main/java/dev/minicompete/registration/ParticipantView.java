package dev.minicompete.registration;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A registration in the organizer's list, with its participant. */
@Schema(name = "ParticipantRegistration")
public record ParticipantView(@JsonUnwrapped RegistrationView registration, Participant participant) {

    /** The account of a participant. */
    @Schema(name = "Participant")
    public record Participant(
            UUID id,
            @Schema(examples = "Bob") String name,
            @Schema(examples = "bob@example.com") String email) {}
}
