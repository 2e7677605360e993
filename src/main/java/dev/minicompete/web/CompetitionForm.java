package dev.minicompete.web;

import dev.minicompete.competition.CompetitionRequest;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import io.quarkus.qute.TemplateData;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or edits a competition. Its fields have the names of the API's members. Tags are one per line, and
 * {@code zone} is the time zone of the three times; the script changes it from UTC to the organizer's own.
 *
 * @param values the unparsed text of each field
 * @param conflicts the values that another edit has stored, of those fields in which they differ
 */
@TemplateData
public record CompetitionForm(Map<String, String> values, Map<String, String> conflicts) {

    static final String UTC = "UTC";

    private static final List<String> TEXTS =
            List.of("title", "description", "location", "tags", "capacity", "regDeadline", "startsAt", "endsAt");

    static final CompetitionForm EMPTY = new CompetitionForm(Map.of("zone", UTC), Map.of());

    /** Fills the form with a stored competition. Its times are in this zone, or in UTC when the zone is unknown. */
    static CompetitionForm of(CompetitionView competition, String zone) {
        var id = zone(zone);
        var values = Map.of(
                "title", competition.title(),
                "description", competition.description(),
                "location", Objects.requireNonNullElse(competition.location(), ""),
                "tags", String.join("\n", competition.tags()),
                "capacity", Integer.toString(competition.capacity()),
                "regDeadline", text(competition.regDeadline(), id),
                "startsAt", text(competition.startsAt(), id),
                "endsAt", text(competition.endsAt(), id),
                "zone", id.getId(),
                "waitlist", competition.waitlist() ? "yes" : "no");
        return new CompetitionForm(values, Map.of());
    }

    /** Reads the form that was submitted. */
    static CompetitionForm of(Form form) {
        var values = new TreeMap<String, String>();
        TEXTS.forEach(name -> values.put(name, Objects.requireNonNullElse(form.filled(name), "")));
        values.put("zone", Objects.requireNonNullElse(form.filled("zone"), UTC));
        values.put("waitlist", form.text("waitlist") == null ? "no" : "yes");
        return new CompetitionForm(values, Map.of());
    }

    /** The same form, with the stored values that differ from it. */
    CompetitionForm withConflicts(CompetitionView stored) {
        var other = new HashMap<>(of(stored, text("zone")).values);
        other.entrySet().removeAll(values.entrySet());
        other.replaceAll((field, value) -> value.isEmpty() ? "(nothing)" : value);
        return new CompetitionForm(values, other);
    }

    /** The text of the field. */
    public String text(String field) {
        return values.getOrDefault(field, "");
    }

    public boolean isWaitlist() {
        return text("waitlist").equals("yes");
    }

    /** The stored value of a field in which it differs from the form; otherwise null. */
    public @Nullable String conflict(String field) {
        return conflicts.get(field);
    }

    /**
     * Parses the fields. A stored time has microseconds, the form only seconds: a time that was not edited keeps its
     * microseconds.
     *
     * @param stored the competition before the edit; null for a new one
     * @throws ProblemException {@code validation} when a number or a time is malformed
     */
    CompetitionRequest request(@Nullable CompetitionView stored) {
        var checks = new Checks();
        var request = new CompetitionRequest(
                nonEmpty("title"),
                text("description"),
                nonEmpty("location"),
                text("tags")
                        .lines()
                        .map(String::strip)
                        .filter(tag -> !tag.isEmpty())
                        .toList(),
                number(checks, "capacity"),
                time(checks, "regDeadline", stored == null ? null : stored.regDeadline()),
                time(checks, "startsAt", stored == null ? null : stored.startsAt()),
                time(checks, "endsAt", stored == null ? null : stored.endsAt()),
                isWaitlist());
        checks.throwIfInvalid();
        return request;
    }

    private @Nullable String nonEmpty(String field) {
        return text(field).isEmpty() ? null : text(field);
    }

    private @Nullable Integer number(Checks checks, String field) {
        try {
            return text(field).isEmpty() ? null : Integer.valueOf(text(field));
        } catch (NumberFormatException malformed) {
            checks.reject(field, "must be a whole number");
            return null;
        }
    }

    private @Nullable Instant time(Checks checks, String field, @Nullable Instant stored) {
        try {
            if (text(field).isEmpty()) {
                return null;
            }
            var time = LocalDateTime.parse(text(field))
                    .atZone(ZoneId.of(text("zone")))
                    .toInstant();
            return stored != null && stored.truncatedTo(ChronoUnit.SECONDS).equals(time) ? stored : time;
        } catch (DateTimeException malformed) {
            checks.reject(field, "must be a date and a time");
            return null;
        }
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            return ZoneId.of(UTC);
        }
    }

    private static String text(@Nullable Instant time, ZoneId zone) {
        return time == null
                ? ""
                : LocalDateTime.ofInstant(time, zone)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
    }
}
