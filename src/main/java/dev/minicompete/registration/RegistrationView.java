package dev.minicompete.registration;

import dev.minicompete.platform.postgres.Rows;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.mutiny.sqlclient.Row;
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
                    RegistrationStatus.CONFIRMED,
                    RegistrationStatus.WAITLISTED,
                    RegistrationStatus.CANCELLED,
                    RegistrationStatus.EXPIRED
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

    /** The columns, of {@code r}, that make it up. */
    static final String COLUMNS =
            "r.id, r.competition_id, r.participant_id, r.status, r.note, r.created_at, r.cancelled_at";

    /** The registration of a row that has these columns and, as {@code position}, its place among those who wait. */
    static RegistrationView of(Row row) {
        return new RegistrationView(
                row.getUUID("id"),
                row.getUUID("competition_id"),
                row.getUUID("participant_id"),
                row.getString("status"),
                row.getLong("position"),
                row.getString("note"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "cancelled_at"));
    }
}
