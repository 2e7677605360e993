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
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the form that creates or edits a competition, as unparsed text.
 *
 * @param tags one per line
 * @param zone the time zone of the three times; the script changes it from UTC to the organizer's own
 */
@TemplateData
public record CompetitionForm(
        String title,
        String description,
        String location,
        String tags,
        String capacity,
        String regDeadline,
        String startsAt,
        String endsAt,
        String zone,
        boolean waitlist) {

    static final String UTC = "UTC";

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    static final CompetitionForm EMPTY = new CompetitionForm("", "", "", "", "", "", "", "", UTC, false);

    /** Fills the form with a stored competition. Its times are in this zone, or in UTC when the zone is unknown. */
    static CompetitionForm of(CompetitionView competition, String zone) {
        var id = zone(zone);
        return new CompetitionForm(
                competition.title(),
                competition.description(),
                competition.location() == null ? "" : competition.location(),
                String.join("\n", competition.tags()),
                Integer.toString(competition.capacity()),
                text(competition.regDeadline(), id),
                text(competition.startsAt(), id),
                text(competition.endsAt(), id),
                id.getId(),
                competition.waitlist());
    }

    /** Reads the form that was submitted. */
    static CompetitionForm of(Form form) {
        return new CompetitionForm(
                text(form, "title"),
                text(form, "description"),
                text(form, "location"),
                text(form, "tags"),
                text(form, "capacity"),
                text(form, "regDeadline"),
                text(form, "startsAt"),
                text(form, "endsAt"),
                Objects.requireNonNullElse(form.filled("zone"), UTC),
                form.text("waitlist") != null);
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
                emptyAsNull(title),
                description,
                emptyAsNull(location),
                tags.lines().map(String::strip).filter(tag -> !tag.isEmpty()).toList(),
                number(checks, "capacity", capacity),
                time(checks, "regDeadline", regDeadline, stored == null ? null : stored.regDeadline()),
                time(checks, "startsAt", startsAt, stored == null ? null : stored.startsAt()),
                time(checks, "endsAt", endsAt, stored == null ? null : stored.endsAt()),
                waitlist);
        checks.throwIfInvalid();
        return request;
    }

    private static @Nullable Integer number(Checks checks, String field, String text) {
        try {
            return text.isEmpty() ? null : Integer.valueOf(text);
        } catch (NumberFormatException malformed) {
            checks.reject(field, "must be a whole number");
            return null;
        }
    }

    private @Nullable Instant time(Checks checks, String field, String text, @Nullable Instant stored) {
        try {
            if (text.isEmpty()) {
                return null;
            }
            var time = LocalDateTime.parse(text).atZone(ZoneId.of(zone)).toInstant();
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
        if (time == null) {
            return "";
        }
        var local = time.atZone(zone);
        return (local.getSecond() == 0 ? MINUTES : SECONDS).format(local);
    }

    private static String text(Form form, String name) {
        var text = form.text(name);
        return text == null ? "" : text.strip();
    }

    private static @Nullable String emptyAsNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
