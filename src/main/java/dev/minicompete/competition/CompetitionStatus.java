package dev.minicompete.competition;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The status of a competition at a moment of the database's clock. */
@Schema(enumeration = {"open", "full", "closed", "cancelled"})
public enum CompetitionStatus {

    /** Seats are free. */
    OPEN,

    /** Every seat is taken. */
    FULL,

    /** The registration deadline has passed. */
    CLOSED,

    /** The organizer has cancelled it. */
    CANCELLED;

    /** All of them. */
    public static final List<CompetitionStatus> ALL = List.of(values());

    private final String apiName = name().toLowerCase(Locale.ROOT);

    /** The status at this moment. {@code CANCELLED} takes precedence over {@code CLOSED}, and both over the others. */
    public static CompetitionStatus at(Instant now, @Nullable Instant cancelledAt, Instant regDeadline, int seatsLeft) {
        if (cancelledAt != null) {
            return CANCELLED;
        }
        if (!regDeadline.isAfter(now)) {
            return CLOSED;
        }
        return seatsLeft == 0 ? FULL : OPEN;
    }

    /**
     * The same rule as an SQL condition on {@code c}. No open or full competition has started, since the deadline is not
     * after the start; the condition says so in order to use the index on {@code starts_at}.
     */
    String condition() {
        var running = "c.cancelled_at IS NULL AND c.reg_deadline > now() AND c.starts_at > now()";
        return switch (this) {
            case CANCELLED -> "c.cancelled_at IS NOT NULL";
            case CLOSED -> "c.cancelled_at IS NULL AND c.reg_deadline <= now()";
            case FULL -> running + " AND c.is_full";
            case OPEN -> running + " AND NOT c.is_full";
        };
    }

    /** The API's name, such as {@code open}. */
    @Override
    @JsonValue
    public String toString() {
        return apiName;
    }
}
