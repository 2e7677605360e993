package dev.minicompete.web;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.competition.CompetitionView;
import io.quarkus.qute.TemplateData;
import io.quarkus.qute.TemplateExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Functions for templates: they format times, statuses, seats and messages. */
@TemplateExtension
@TemplateData(target = CompetitionStatus.class, namespace = "CompetitionStatus")
final class Labels {

    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern(
                    "EEE d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final Map<String, String> DONE = Map.ofEntries(
            Map.entry("signed-up", "Welcome! Your account is ready."),
            Map.entry("logged-out", "You are logged out."),
            Map.entry("published", "Your competition is published."),
            Map.entry("publishing", "Your competition is being published. Reload this page in a moment."),
            Map.entry("saved", "Your changes are saved."),
            Map.entry("cancelled", "The competition is cancelled. Everybody who was registered gets a mail."),
            Map.entry("seat-given-back", "Your registration is cancelled."),
            Map.entry("job-retried", "The job will be retried."),
            Map.entry("all-retried", "All jobs will be retried."),
            Map.entry("job-discarded", "The job is discarded."),
            Map.entry("job-gone", "This job no longer exists: it was retried or discarded before."));

    private Labels() {}

    /** A time in UTC. The script then shows it in the reader's time zone. */
    static String utc(Instant instant) {
        return UTC.format(instant);
    }

    /** The label of a competition's status. */
    static String label(CompetitionStatus status) {
        return label(status.toString());
    }

    /** The label of a registration's status. */
    static String label(String status) {
        return Character.toUpperCase(status.charAt(0)) + status.substring(1);
    }

    /** The text, encoded as a value in a query. */
    static String inQuery(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The seats of a competition. */
    static Seats seats(CompetitionView competition) {
        return new Seats(
                competition.capacity(), competition.registered(), competition.waitlisted(), competition.status());
    }

    /** The message for what has just been done, by its code in the address; empty for an unknown code. */
    @TemplateExtension(namespace = "done")
    static String text(String code) {
        return DONE.getOrDefault(code, "");
    }

    /** The address of a file of {@link Assets}. */
    @TemplateExtension(namespace = "asset")
    static String url(String name) {
        return Assets.address(name);
    }
}
