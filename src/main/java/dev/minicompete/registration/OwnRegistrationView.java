package dev.minicompete.registration;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.minicompete.competition.CompetitionStatus;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A registration in the participant's own list, with a summary of its competition. */
@Schema(name = "OwnRegistration")
public record OwnRegistrationView(@JsonUnwrapped RegistrationView registration, CompetitionSummary competition) {

    /** The main facts of a competition. */
    @Schema(name = "CompetitionSummary")
    public record CompetitionSummary(
            UUID id,
            @Schema(examples = "Hackathon") String title,
            Instant startsAt,

            @Schema(enumeration = {"open", "full", "closed", "cancelled"})
            CompetitionStatus status) {}
}
