package dev.minicompete.web;

import dev.minicompete.competition.CompetitionRequest;
import dev.minicompete.competition.CompetitionView;
import dev.minicompete.platform.http.problem.Checks;
import io.quarkus.qute.TemplateData;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The fields of a competition as they stand in the form: texts, good or not.
 *
 * @param tags one a line
 * @param zone of the three times; the script changes it from UTC to the organizer's own
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

    /** The competition as it is, with its times in this zone, or in UTC where there is no such zone. */
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
                form.filled("zone") == null ? UTC : form.filled("zone"),
                form.text("waitlist") != null);
    }

    /**
     * What the fields mean, or a problem. Times in the form have seconds at most: what stands as it was is what it was.
     *
     * @param present the competition as it is, or null for a new one
     */
    CompetitionRequest request(CompetitionView present) {
        var checks = new Checks();
        var request = new CompetitionRequest(
                emptyAsNull(title),
                description,
                emptyAsNull(location),
                tags.lines().map(String::strip).filter(tag -> !tag.isEmpty()).toList(),
                number(checks, "capacity", capacity),
                time(checks, "regDeadline", regDeadline, present == null ? null : present.regDeadline()),
                time(checks, "startsAt", startsAt, present == null ? null : present.startsAt()),
                time(checks, "endsAt", endsAt, present == null ? null : present.endsAt()),
                waitlist);
        checks.throwIfInvalid();
        return request;
    }

    private static Integer number(Checks checks, String field, String text) {
        try {
            return text.isEmpty() ? null : Integer.valueOf(text);
        } catch (NumberFormatException malformed) {
            checks.reject(field, "must be a whole number");
            return null;
        }
    }

    private Instant time(Checks checks, String field, String text, Instant present) {
        try {
            if (text.isEmpty()) {
                return null;
            }
            var time = LocalDateTime.parse(text).atZone(ZoneId.of(zone)).toInstant();
            return present != null && present.truncatedTo(ChronoUnit.SECONDS).equals(time) ? present : time;
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

    private static String text(Instant time, ZoneId zone) {
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

    private static String emptyAsNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
