package dev.minicompete.jobs;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.UUID;

/**
 * A job that a worker has claimed.
 *
 * @param kind what is to be done, as {@code <subject>:<verb>}
 * @param competitionId the competition it is about, or null
 * @param registrationId the registration it is about, or null
 * @param userId whom it concerns, or null
 * @param attempts how often it was claimed, this time included
 * @param traceParent the place in a trace that caused it, or null
 */
public record Job(
        UUID id,
        String kind,
        UUID competitionId,
        UUID registrationId,
        UUID userId,
        Instant createdAt,
        int attempts,
        String traceParent) {

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

    /** The same job at another place in its trace. */
    public Job within(String newTraceParent) {
        return new Job(id, kind, competitionId, registrationId, userId, createdAt, attempts, newTraceParent);
    }
}
