package dev.minicompete.web;

import dev.minicompete.competition.CompetitionRequest;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.json.Rfc3339;
import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import io.quarkus.qute.TemplateData;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form that creates or edits a competition. Its fields have the names of the API's members. Tags are one per line, and
 * {@code zone} is the time zone of the three times. The script shows times in UTC in the organizer's own zone, and sends UTC.
 *
 * @param values the unparsed text of each field
 * @param conflicts the values that another edit has stored, of those fields in which they differ
 */
@TemplateData
public record CompetitionForm(Map<String, String> values, Map<String, String> conflicts) {

    private static final String UTC = "UTC";

    private static final List<String> TEXTS =
            List.of("title", "description", "location", "tags", "capacity", "regDeadline", "startsAt", "endsAt");

    /** The time zones to choose from, beside UTC: those of regions and countries. */
    private static final List<String> ZONES = Stream.concat(
                    ZoneId.getAvailableZoneIds().stream().filter(zone -> zone.matches("(?!Etc/|SystemV/)[A-Z].*/.+")),
                    // Browsers know these, too; Java calls them short ids.
                    Stream.of("EST", "HST", "MST"))
            .sorted()
            .toList();

    static final CompetitionForm EMPTY = new CompetitionForm(Map.of("zone", UTC), Map.of());

    /** Fills the form with a stored competition, whose times are in UTC. */
    static CompetitionForm of(CompetitionView competition) {
        return of(competition, ZoneOffset.UTC, UTC);
    }

    private static CompetitionForm of(CompetitionView competition, ZoneId id, String zone) {
        var values = Map.of(
                "title", competition.title(),
                "description", competition.description(),
                "location", Objects.requireNonNullElse(competition.location(), ""),
                "tags", String.join("\n", competition.tags()),
                "capacity", Integer.toString(competition.capacity()),
                "regDeadline", text(competition.regDeadline(), id),
                "startsAt", text(competition.startsAt(), id),
                "endsAt", text(competition.endsAt(), id),
                "zone", zone,
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
        var other = new HashMap<>(of(stored, zone().orElse(ZoneOffset.UTC), text("zone")).values);
        other.entrySet().removeAll(values.entrySet());
        other.replaceAll((field, value) -> value.isEmpty() ? "(nothing)" : value);
        return new CompetitionForm(values, other);
    }

    /** The text of the field. */
    public String text(String field) {
        return values.getOrDefault(field, "");
    }

    /** The time zones to choose from. The first is UTC, which a browser selects when that of the form is unknown. */
    public List<String> zones() {
        return Stream.concat(
                        Stream.of(UTC, text("zone")).filter(name -> zone(name).isPresent()), ZONES.stream())
                .distinct()
                .toList();
    }

    public boolean isWaitlist() {
        return text("waitlist").equals("yes");
    }

    /** The stored value of a field in which it differs from the form; otherwise null. */
    public @Nullable String conflict(String field) {
        return conflicts.get(field);
    }

    /**
     * Parses the fields. A time that was not edited stays exactly as it is stored: the text of the form lacks its microseconds,
     * and does not say which hour of a clock change it means.
     *
     * @param stored the competition before the edit; null for a new one
     * @throws ProblemException {@code validation} when a number, a time or the zone is invalid
     */
    CompetitionRequest request(@Nullable CompetitionView stored) {
        var checks = new Checks();
        var zone = zone();
        checks.require(
                zone.isPresent(),
                "zone",
                "\"" + text("zone") + "\" is not known here; choose the one in which the times below are meant");
        var id = zone.orElse(ZoneOffset.UTC);
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
                time(checks, "regDeadline", id, stored == null ? null : stored.regDeadline()),
                time(checks, "startsAt", id, stored == null ? null : stored.startsAt()),
                time(checks, "endsAt", id, stored == null ? null : stored.endsAt()),
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

    private @Nullable Instant time(Checks checks, String field, ZoneId zone, @Nullable Instant stored) {
        try {
            if (text(field).isEmpty()) {
                return null;
            }
            var time = LocalDateTime.parse(text(field));
            return stored != null && shown(stored, zone).equals(time)
                    ? stored
                    : Rfc3339.storable(time.atZone(zone).toInstant());
        } catch (DateTimeException malformed) {
            checks.reject(field, "must be a date and a time");
            return null;
        }
    }

    private Optional<ZoneId> zone() {
        return zone(text("zone"));
    }

    private static Optional<ZoneId> zone(String name) {
        try {
            return Optional.of(ZoneId.of(name, ZoneId.SHORT_IDS));
        } catch (DateTimeException unknown) {
            return Optional.empty();
        }
    }

    private static String text(@Nullable Instant time, ZoneId zone) {
        return time == null ? "" : shown(time, zone).toString();
    }

    /** A time as the form shows it. */
    private static LocalDateTime shown(Instant time, ZoneId zone) {
        return LocalDateTime.ofInstant(time, zone).truncatedTo(ChronoUnit.SECONDS);
    }
}
