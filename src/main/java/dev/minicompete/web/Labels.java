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

/** How values look on a page. */
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
            Map.entry("publishing", "Your competition is being published; it is here in a moment."),
            Map.entry("saved", "Your changes are saved."),
            Map.entry("cancelled", "The competition is cancelled; everybody who was registered gets a mail."),
            Map.entry("seat-given-back", "Your registration is cancelled."),
            Map.entry("job-retried", "The job waits for a worker again."),
            Map.entry("all-retried", "All jobs wait for a worker again."),
            Map.entry("job-discarded", "The job is discarded."),
            Map.entry("job-gone", "This job is gone: it was retried or discarded before."));

    private Labels() {}

    /** For people, until the script puts their own zone there. */
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

    /** The text as a value in a query. */
    static String inQuery(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static Seats seats(CompetitionView competition) {
        return new Seats(
                competition.capacity(), competition.registered(), competition.waitlisted(), competition.status());
    }

    /** What has just been done, named by a code in the address; nothing for an unknown one. */
    @TemplateExtension(namespace = "done")
    static String text(String code) {
        return DONE.getOrDefault(code, "");
    }

    /** Where the file of this name is. */
    @TemplateExtension(namespace = "asset")
    static String url(String name) {
        return Assets.address(name);
    }
}
