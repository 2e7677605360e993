package dev.minicompete.web;

import dev.minicompete.competition.CompetitionStatus;
import io.quarkus.qute.TemplateData;

/** The seats of a competition, as the meter on a page shows them. */
@TemplateData
public record Seats(int capacity, int registered, int waitlisted, CompetitionStatus status) {

    /** The percentage of taken seats; 0 and 100 only if it is exact. */
    public int percent() {
        if (registered == 0 || registered == capacity) {
            return registered == 0 ? 0 : 100;
        }
        return (int) Math.max(1, Math.min(99, Math.round(100.0 * registered / capacity)));
    }

    /** Whether registration is open. */
    public boolean isRunning() {
        return status == CompetitionStatus.OPEN || status == CompetitionStatus.FULL;
    }

    /** The number of free seats in words. */
    public String leftText() {
        var left = capacity - registered;
        return left == 0 ? "No seats left" : left == 1 ? "1 seat left" : left + " seats left";
    }
}
