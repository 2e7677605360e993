package dev.minicompete.jobs.failed;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A failed job as the competition's organizer sees it. */
@Schema(name = "FailedJob")
public record FailedJobView(
        UUID id,
        @Schema(examples = "registration:confirmation") String kind,
        UUID competitionId,
        @Schema(nullable = true) @Nullable UUID registrationId,
        @Schema(examples = "5") int attempts,
        @Schema(examples = "Database error 23514") String error,
        Instant failedAt) {

    /** The columns of the alias {@code f} that {@link #of} reads. */
    static final String COLUMNS = "f.id, f.kind, f.competition_id, f.registration_id, f.attempts, f.error, f.failed_at";

    /** Maps a row with {@link #COLUMNS}. */
    static FailedJobView of(Row row) {
        return new FailedJobView(
                row.getUUID("id"),
                row.getString("kind"),
                row.getUUID("competition_id"),
                row.getUUID("registration_id"),
                row.getInteger("attempts"),
                row.getString("error"),
                row.getOffsetDateTime("failed_at").toInstant());
    }
}
