package dev.minicompete.registration;

import dev.minicompete.platform.postgres.Rows;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A registration in the API. */
@Schema(name = "Registration")
@RegisterForReflection
public record RegistrationView(
        UUID id,
        UUID competitionId,
        UUID participantId,

        @Schema(
                implementation = String.class,
                enumeration = {"confirmed", "waitlisted", "cancelled", "expired"})
        RegistrationStatus status,

        @Schema(
                nullable = true,
                description = "1 for the next to get a seat; null for those not waiting",
                examples = "3")
        @Nullable
        Long waitlistPosition,

        @Schema(nullable = true, examples = "I bring a friend.") @Nullable
        String note,

        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant cancelledAt) {

    /** The columns of the table {@code r} that {@link #of} reads. */
    static final String COLUMNS =
            "r.id, r.competition_id, r.participant_id, r.status, r.note, r.created_at, r.cancelled_at";

    /** Reads a row with these columns and {@code position}, the place on the waitlist. */
    static RegistrationView of(Row row) {
        return new RegistrationView(
                row.getUUID("id"),
                row.getUUID("competition_id"),
                row.getUUID("participant_id"),
                RegistrationStatus.of(row.getString("status")),
                row.getLong("position"),
                row.getString("note"),
                Rows.instant(row, "created_at"),
                Rows.instantOrNull(row, "cancelled_at"));
    }
}
