package dev.minicompete.mailbox;

import dev.minicompete.platform.postgres.Rows;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A mail in the API. */
@Schema(name = "Mail")
public record MailView(
        UUID id,

        @Schema(
                implementation = String.class,
                enumeration = {
                    "confirmation",
                    "waitlisted",
                    "promoted",
                    "cancellation",
                    "competition-cancelled",
                    "reminder"
                })
        MailKind kind,

        @Schema(examples = "You are in: Hackathon") String subject,
        String body,
        @Schema(nullable = true) @Nullable UUID competitionId,
        @Schema(nullable = true) @Nullable UUID registrationId,
        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant readAt) {

    static MailView of(Row row) {
        return new MailView(
                row.getUUID("id"),
                MailKind.of(row.getString("kind")),
                row.getString("subject"),
                row.getString("body"),
                row.getUUID("competition_id"),
                row.getUUID("registration_id"),
                Rows.instant(row, "created_at"),
                Rows.instantOrNull(row, "read_at"));
    }
}
