package dev.minicompete.competition;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A competition as the API and the pages show it to everybody. */
@Schema(name = "Competition")
public record CompetitionView(
        UUID id,
        Organizer organizer,
        @Schema(examples = "Hackathon") String title,
        @Schema(examples = "24hr coding") String description,

        @Schema(nullable = true, examples = "Berlin") @Nullable
        String location,

        @Schema(examples = "[\"coding\"]") List<String> tags,
        @Schema(examples = "50") int capacity,

        @Schema(examples = "12", description = "Seats taken")
        int registered,

        @Schema(examples = "38") int seatsLeft,

        @Schema(description = "Whether participants may wait for a seat once all are taken")
        boolean waitlist,

        @Schema(description = "Participants on the waitlist")
        int waitlisted,

        Instant regDeadline,
        Instant startsAt,
        @Schema(nullable = true) @Nullable Instant endsAt,

        CompetitionStatus status,

        @Schema(examples = "3", description = "Counts the organizer's edits; send it as If-Match")
        int version,

        Instant createdAt,
        Instant updatedAt) {

    /** The organizer who published it. */
    @Schema(name = "Organizer")
    public record Organizer(
            UUID id, @Schema(examples = "Alice") String name) {}

    static CompetitionView of(Competition competition, String organizerName, Instant now) {
        var seatsLeft = competition.capacity - competition.registered;
        return new CompetitionView(
                competition.id,
                new Organizer(competition.organizerId, organizerName),
                competition.title,
                competition.description,
                competition.location,
                List.of(competition.tags),
                competition.capacity,
                competition.registered,
                seatsLeft,
                competition.waitlist,
                competition.waitlisted,
                competition.regDeadline,
                competition.startsAt,
                competition.endsAt,
                CompetitionStatus.at(now, competition.cancelledAt, competition.regDeadline, seatsLeft),
                competition.version,
                competition.createdAt,
                competition.updatedAt);
    }

    /** The ETag. It changes whenever the representation does, by an edit, a registration or the passing of time. */
    String entityTag() {
        return "\"" + version + "-" + registered + "-" + waitlisted + "-" + status + "\"";
    }
}
