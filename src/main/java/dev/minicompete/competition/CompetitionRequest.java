package dev.minicompete.competition;

import dev.minicompete.platform.http.json.Text;
import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The members of a competition that its organizer sets. */
@Schema(requiredProperties = {"title", "capacity", "regDeadline"})
public record CompetitionRequest(
        @Schema(minLength = 1, maxLength = TITLE, examples = "Hackathon") @Nullable
        String title,

        @Schema(maxLength = DESCRIPTION, nullable = true, examples = "24hr coding") @Nullable
        String description,

        @Schema(maxLength = LOCATION, nullable = true, examples = "Berlin") @Nullable
        String location,

        @Schema(maxItems = TAGS, nullable = true, examples = "[\"coding\"]") @Nullable
        List<@Nullable String> tags,

        @Schema(minimum = "1", maximum = "" + CAPACITY, examples = "50") @Nullable
        Integer capacity,

        @Schema(examples = "2030-11-20T23:59:59.000Z") @Nullable
        Instant regDeadline,

        @Schema(nullable = true, description = "Not before regDeadline, which is its default") @Nullable
        Instant startsAt,

        @Schema(nullable = true, description = "After startsAt") @Nullable
        Instant endsAt,

        @Schema(nullable = true, defaultValue = "false") @Nullable
        Boolean waitlist) {

    private static final int TITLE = 200;
    private static final int DESCRIPTION = 5000;
    private static final int LOCATION = 200;
    private static final int TAGS = 10;
    private static final int TAG = 30;
    private static final int CAPACITY = 1_000_000;

    /** The members of a stored competition. */
    static CompetitionRequest of(Competition competition) {
        return new CompetitionRequest(
                competition.title,
                competition.description,
                competition.location,
                List.of(competition.tags),
                competition.capacity,
                competition.regDeadline,
                competition.startsAt,
                competition.endsAt,
                competition.waitlist);
    }

    /** The same without a start, so that it gets its default. */
    CompetitionRequest withDefaultStart() {
        return new CompetitionRequest(
                title, description, location, tags, capacity, regDeadline, null, endsAt, waitlist);
    }

    /**
     * Validates the request of a new competition.
     *
     * @param now the database's time
     * @return the request with trimmed texts and defaults; only the location and the end may be null in it
     * @throws ProblemException {@code validation} with all errors
     */
    CompetitionRequest checkedForCreation(Instant now) {
        var checks = new Checks();
        checks.require(regDeadline == null || regDeadline.isAfter(now), "/regDeadline", "must be in the future");
        return checked(checks);
    }

    /** Validates an edit, which may move the deadline to any time, in the same way. */
    CompetitionRequest checkedForEdit() {
        return checked(new Checks());
    }

    private CompetitionRequest checked(Checks checks) {
        checks.present(title, "/title");
        checks.present(capacity, "/capacity");
        if (capacity != null) {
            checks.require(capacity >= 1, "/capacity", "must be at least 1");
            checks.require(capacity <= CAPACITY, "/capacity", "must be at most " + CAPACITY);
        }
        checks.present(regDeadline, "/regDeadline");
        var start = startsAt == null ? regDeadline : startsAt;
        if (startsAt != null && regDeadline != null) {
            checks.require(!startsAt.isBefore(regDeadline), "/startsAt", "must not be before regDeadline");
        }
        if (endsAt != null && start != null) {
            checks.require(endsAt.isAfter(start), "/endsAt", "must be after startsAt");
        }
        var normal = new CompetitionRequest(
                Text.line(checks, "/title", title, TITLE),
                Text.block(checks, "/description", description == null ? "" : description, DESCRIPTION),
                Text.line(checks, "/location", location, LOCATION),
                tags(checks),
                capacity,
                regDeadline,
                start,
                endsAt,
                Boolean.TRUE.equals(waitlist));
        checks.throwIfInvalid();
        return normal;
    }

    private List<String> tags(Checks checks) {
        var distinct = new LinkedHashSet<String>();
        if (tags != null) {
            checks.require(tags.size() <= TAGS, "/tags", "must have at most " + TAGS + " items");
            for (var i = 0; i < tags.size(); i++) {
                checks.present(tags.get(i), "/tags/" + i);
                distinct.add(Text.line(checks, "/tags/" + i, tags.get(i), TAG));
            }
        }
        distinct.remove(null);
        return List.copyOf(distinct);
    }
}
