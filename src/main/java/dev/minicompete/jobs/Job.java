package dev.minicompete.jobs;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that a worker has taken.
 *
 * @param kind what to do, as {@code <subject>:<verb>}
 * @param competitionId the competition it is about
 * @param registrationId the registration it is about
 * @param userId the user it concerns
 * @param attempts the number of attempts, including the present one
 * @param traceParent the W3C traceparent of the span that caused it; null when it is not traced
 */
public record Job(
        UUID id,
        String kind,
        @Nullable UUID competitionId,
        @Nullable UUID registrationId,
        @Nullable UUID userId,
        Instant createdAt,
        int attempts,
        @Nullable String traceParent) {

    /** Reads a row of the outbox. */
    public static Job of(Row row) {
        return new Job(
                row.getUUID("id"),
                row.getString("kind"),
                row.getUUID("competition_id"),
                row.getUUID("registration_id"),
                row.getUUID("user_id"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getInteger("attempts"),
                row.getString("trace_parent"));
    }

    /** The same job with another parent span. */
    public Job withTraceParent(@Nullable String newTraceParent) {
        return new Job(id, kind, competitionId, registrationId, userId, createdAt, attempts, newTraceParent);
    }
}
