package dev.minicompete.competition;

import java.time.Instant;
import java.util.List;

/** What a competition is at a moment, as the API spells it. The first that holds, from the top, is it. */
public final class CompetitionStatus {

    /** Called off by its organizer. */
    public static final String CANCELLED = "cancelled";

    /** The registration deadline has passed. */
    public static final String CLOSED = "closed";

    /** Every seat is taken. */
    public static final String FULL = "full";

    /** Seats are to be had. */
    public static final String OPEN = "open";

    /** All of them, in the order of their lives. */
    public static final List<String> ALL = List.of(OPEN, FULL, CLOSED, CANCELLED);

    private CompetitionStatus() {}

    /** The status of a competition at this moment of the database's clock. */
    public static String at(Instant now, Instant cancelledAt, Instant regDeadline, int seatsLeft) {
        if (cancelledAt != null) {
            return CANCELLED;
        }
        if (!regDeadline.isAfter(now)) {
            return CLOSED;
        }
        return seatsLeft == 0 ? FULL : OPEN;
    }

    /**
     * The same rule as a condition of SQL on {@code c}, for lists; null for any status. What has started is closed, which
     * is said for the sake of the index by start.
     */
    static String condition(String status) {
        if (status == null) {
            return null;
        }
        var running = "c.cancelled_at IS NULL AND c.reg_deadline > now() AND c.starts_at > now()";
        return switch (status) {
            case CANCELLED -> "c.cancelled_at IS NOT NULL";
            case CLOSED -> "c.cancelled_at IS NULL AND c.reg_deadline <= now()";
            case FULL -> running + " AND c.is_full";
            default -> running + " AND NOT c.is_full";
        };
    }
}
