package dev.minicompete.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Requests;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of organizers, without scripts. */
@QuarkusTest
class OrganizerPagesTest {

    private static final String LIST = "/organizer/competitions";

    private final TestDatabase database = TestServers.database();
    private TestUser organizer;
    private Browser browser;

    @BeforeEach
    void logIn() {
        organizer = TestUser.organizer();
        browser = Browser.of(organizer);
    }

    private static String[] fields(String... changed) {
        var fields = new LinkedHashMap<>(Map.of(
                "title", "Night Run",
                "description", "Through the city",
                "location", "Berlin",
                "tags", "running\nnight, long",
                "capacity", "30",
                "regDeadline", "2090-05-01T18:00",
                "startsAt", "2090-05-02T18:00",
                "endsAt", "",
                "zone", "Europe/Berlin"));
        for (var i = 0; i < changed.length; i += 2) {
            fields.put(changed[i], changed[i + 1]);
        }
        return fields.entrySet().stream()
                .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
                .toArray(String[]::new);
    }

    private static UUID id(String location) {
        return UUID.fromString(location.replaceAll(".*/competitions/([^?/]+).*", "$1"));
    }

    @Test
    void formPublishesACompetition() {
        assertThat(browser.get(LIST).asString()).contains("You have not published anything yet.");
        var answer = browser.post(LIST, fields("waitlist", "on"));
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(303);
        var row = database.rows("SELECT * FROM competitions WHERE id = ?", id(answer.header("Location")))
                .get(0);
        assertThat(row)
                .containsEntry("title", "Night Run")
                .containsEntry("capacity", 30)
                .containsEntry("waitlist", true);
        assertThat(row.get("tags").toString()).isEqualTo("{running,\"night, long\"}");
        assertThat(database.text(
                        "SELECT reg_deadline AT TIME ZONE 'UTC' FROM competitions WHERE id = ?",
                        id(answer.header("Location"))))
                .isEqualTo("2090-05-01 16:00:00.0");
        assertThat(browser.get(answer.header("Location")).asString())
                .contains("Your competition is published.", "30 seats left", "Mon 1 May 2090, 16:00 UTC");
        assertThat(browser.get(LIST).asString()).contains("Night Run", "0 of 30 taken");
    }

    /** Each of these characters is twelve bytes of a form. */
    @Test
    void formWhoseFieldsAreAllOfMaximumLengthIsAccepted() {
        var character = "\ud83c\udfc6";
        var largest = fields(
                "title",
                character.repeat(200),
                "description",
                character.repeat(5_000),
                "location",
                character.repeat(200),
                "tags",
                IntStream.range(0, 10)
                        .mapToObj(tag -> tag + character.repeat(29))
                        .collect(Collectors.joining("\r\n")));
        var created = browser.post(LIST, largest);
        assertThat(created.statusCode()).isEqualTo(303);
        var id = id(created.header("Location"));
        var edited = browser.post(
                LIST + "/" + id + "/edit",
                Stream.concat(Stream.of(largest), Stream.of("version", "1")).toArray(String[]::new));
        assertThat(edited.statusCode()).isEqualTo(303);
        // The log-in form carries a form that was sent after the end of the session.
        browser.cookies().remove(Browser.SESSION);
        var carried = Stream.concat(
                        Stream.of("email", organizer.id() + "@example.com", "password", TestDatabase.PASSWORD),
                        Stream.concat(
                                Stream.of("resume-action", LIST),
                                IntStream.range(0, largest.length)
                                        .mapToObj(i -> i % 2 == 0 ? "resume." + largest[i] : largest[i])))
                .toArray(String[]::new);
        assertThat(browser.post(LIST, largest).statusCode()).isEqualTo(401);
        assertThat(browser.post("/login", carried).asString()).contains("Send it now", character.repeat(5_000));
    }

    @Test
    void repeatedFormPublishesOneCompetition() throws Exception {
        var key = Browser.field(browser.get(LIST + "/new"), "key");
        Callable<String> click =
                () -> browser.form(fields("key", key)).post(LIST).header("Location");
        var locations = Requests.concurrently(8, Collections.nCopies(8, click));
        var places = new HashSet<>(locations);
        places.remove(LIST + "?done=publishing");
        assertThat(places).singleElement().asString().startsWith("/competitions/");
        assertThat(browser.post(LIST, fields("key", key)).header("Location")).isIn(places);
        assertThat(browser.post(LIST, fields("key", key, "title", "Another")).header("Location"))
                .startsWith("/competitions/")
                .isNotIn(places);
        assertThat(database.count("SELECT count(*) FROM competitions WHERE organizer_id = ?", organizer.id()))
                .isEqualTo(2);
    }

    @Test
    void errorsAreShownAtTheirFieldsAndInputIsKept() {
        var answer = browser.post(
                LIST,
                fields(
                        "title",
                        " ",
                        "capacity",
                        "0",
                        "regDeadline",
                        "2001-01-01T00:00",
                        "startsAt",
                        "2000-01-01T00:00"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.asString())
                .contains("Title is required.", "Capacity must be at least 1.")
                .contains("Registration deadline must be in the future.")
                .contains("Start must not be before the registration deadline.")
                .contains(
                        "Through the city",
                        "value=\"2001-01-01T00:00\"",
                        "<option selected>Europe/Berlin<",
                        "night, long")
                .doesNotContain("regDeadline must");
        var malformed = browser.post(LIST, fields("capacity", "many", "regDeadline", "soon", "zone", "Moon/Base"));
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(malformed.asString()).contains("Capacity must be a whole number.", "must be a date and a time.");
        assertThat(database.count("SELECT count(*) FROM competitions WHERE organizer_id = ?", organizer.id()))
                .isZero();
    }

    @Test
    void editKeepsMicroseconds() {
        var deadline = Instant.parse("2090-01-01T23:59:59.123456Z");
        var competition =
                database.createCompetition(organizer.id(), Map.of("reg_deadline", deadline, "starts_at", deadline));
        var form = browser.get(LIST + "/" + competition + "/edit");
        assertThat(form.asString()).contains("value=\"2090-01-01T23:59:59\"");
        var answer = browser.post(
                LIST + "/" + competition + "/edit",
                "version",
                Browser.field(form, "version"),
                "title",
                "New",
                "capacity",
                "10",
                "regDeadline",
                "2090-01-01T23:59:59",
                "startsAt",
                "2090-01-01T23:59:59",
                "zone",
                "UTC");
        assertThat(answer.header("Location")).isEqualTo("/competitions/" + competition + "?done=saved");
        var row = database.rows(
                "SELECT title, version FROM competitions WHERE id = ? AND reg_deadline = ?", competition, deadline);
        assertThat(row).containsExactly(Map.of("title", "New", "version", 2));
    }

    /** In Berlin it is 02:30 twice on 29 October 2090, at 00:30 and at 01:30 UTC. */
    @Test
    void editInAnHourThatAClockChangeRepeatsMovesNothing() {
        var second = Instant.parse("2090-10-29T01:30:00Z");
        var competition = database.createCompetition(
                organizer.id(),
                Map.of("reg_deadline", second, "starts_at", second, "ends_at", second.plusSeconds(60 * 60)));
        var times = new String[] {"2090-10-29T02:30", "2090-10-29T02:30", "2090-10-29T03:30"};
        var saved = browser.post(
                LIST + "/" + competition + "/edit",
                fields("version", "1", "regDeadline", times[0], "startsAt", times[1], "endsAt", times[2]));
        assertThat(saved.statusCode()).as(saved.asString()).isEqualTo(303);
        assertThat(database.rows(
                        "SELECT title FROM competitions WHERE id = ? AND reg_deadline = ? AND starts_at = ?"
                                + " AND ends_at = ?",
                        competition,
                        second,
                        second,
                        second.plusSeconds(60 * 60)))
                .containsExactly(Map.of("title", "Night Run"));
        var typed = browser.post(
                LIST + "/" + competition + "/edit",
                fields("version", "2", "regDeadline", times[0], "startsAt", times[1], "zone", "Africa/Cairo"));
        assertThat(typed.statusCode()).isEqualTo(303);
        assertThat(database.count(
                        "SELECT count(*) FROM competitions WHERE id = ? AND starts_at <> ?", competition, second))
                .isEqualTo(1);
    }

    @Test
    void unknownZoneIsSaidAndAnotherCanBeChosen() {
        for (var zone : List.of("Etc/Unknown", "America/Nowhere", "local")) {
            var unknown = browser.post(LIST, fields("zone", zone));
            assertThat(unknown.statusCode()).isEqualTo(400);
            assertThat(unknown.asString())
                    .contains("Zone &quot;" + zone + "&quot; is not known here; choose the one")
                    .contains("<option>UTC</option>", "<option>Europe/Berlin</option>")
                    .contains("value=\"2090-05-01T18:00\"", "Night Run")
                    .doesNotContain(" selected", "must be a date");
        }
        var competition = database.createCompetition(organizer.id(), Map.of("title", "Old"));
        var edit = LIST + "/" + competition + "/edit";
        assertThat(browser.post(edit, fields("version", "1", "zone", "Etc/Unknown"))
                        .asString())
                .contains("is not known here", "Night Run");
        assertThat(browser.post(edit, fields("version", "7", "zone", "Etc/Unknown"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.post(edit, fields("version", "1")).statusCode()).isEqualTo(303);
    }

    /** The first three are names of browsers that are no regions. */
    @Test
    void zonesOfBrowsersAreKnown() {
        var offsets = Map.of("EST", "23", "HST", "04", "MST", "01", "Asia/Calcutta", "12", "UTC", "18", "+02:00", "16");
        offsets.forEach((zone, hour) -> {
            var created = browser.post(LIST, fields("zone", zone));
            assertThat(created.statusCode()).as(zone).isEqualTo(303);
            assertThat(database.text(
                            "SELECT to_char(reg_deadline AT TIME ZONE 'UTC', 'HH24') FROM competitions WHERE id = ?",
                            id(created.header("Location"))))
                    .as(zone)
                    .isEqualTo(hour);
            var invalid = browser.post(LIST, fields("zone", zone, "capacity", "0"));
            assertThat(invalid.asString()).contains("<option selected>" + zone + "</option>");
        });
    }

    @Test
    void timeThatCannotBeShownIsRejected() {
        var tooLate = browser.post(
                LIST, fields("regDeadline", "9999-12-31T23:59", "startsAt", "", "zone", "America/New_York"));
        assertThat(tooLate.statusCode()).isEqualTo(400);
        assertThat(tooLate.asString()).contains("Registration deadline must be a date and a time.");
    }

    @Test
    void conflictShowsBothValuesAndCanBeSaved() {
        var competition = database.createCompetition(organizer.id(), Map.of("title", "Old", "capacity", 10));
        var address = LIST + "/" + competition + "/edit";
        var version = Browser.field(browser.get(address), "version");
        Requests.patch(organizer, competition, "{\"title\":\"Theirs\",\"location\":\"Rome\"}");
        var conflict = browser.post(address, fields("title", "Mine", "version", version));
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.asString())
                .contains(
                        "Somebody changed this competition", "value=\"Mine\"", "Changed meanwhile to:</strong> Theirs")
                .contains("Changed meanwhile to:</strong> Rome", "value=\"Berlin\"");
        assertThat(database.text("SELECT title FROM competitions WHERE id = ?", competition))
                .isEqualTo("Theirs");
        var saved = browser.post(address, fields("title", "Mine", "version", Browser.field(conflict, "version")));
        assertThat(saved.statusCode()).isEqualTo(303);
        assertThat(database.text("SELECT title FROM competitions WHERE id = ?", competition))
                .isEqualTo("Mine");
    }

    @Test
    void capacityBelowRegistrationsIsShownAtItsField() {
        var competition = database.createCompetition(organizer.id(), Map.of("capacity", 2, "waitlist", true));
        database.createConfirmed(competition, database.createParticipants(2));
        Requests.register(TestUser.participant(), competition);
        var address = LIST + "/" + competition + "/edit";
        var version = Browser.field(browser.get(address), "version");
        var answer = browser.post(address, fields("capacity", "1", "version", version, "waitlist", "on"));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.asString())
                .contains(">The capacity must be at least 2, the number of confirmed registrations.<");
        var closed = browser.post(address, fields("capacity", "2", "version", version));
        assertThat(closed.statusCode()).isEqualTo(409);
        assertThat(closed.asString()).contains(">The waitlist cannot be closed while anybody is on it; now: 1.<");
    }

    @Test
    void cancellingAsksForConfirmation() {
        var competition = database.createCompetition(organizer.id(), Map.of());
        var address = LIST + "/" + competition + "/cancel";
        assertThat(browser.get(address).asString()).contains("This cannot be undone.");
        assertThat(database.count(
                        "SELECT count(*) FROM competitions WHERE id = ? AND cancelled_at IS NULL", competition))
                .isEqualTo(1);
        assertThat(browser.post(address).header("Location"))
                .isEqualTo("/competitions/" + competition + "?done=cancelled");
        assertThat(browser.get("/competitions/" + competition).asString()).contains("pill cancelled");
    }

    @Test
    void organizerCannotManageCompetitionsOfOthers() {
        var other = database.createCompetition(10);
        for (var page : List.of("/edit", "/cancel", "/participants", "/participants/csv")) {
            assertThat(browser.get(LIST + "/" + other + page).statusCode())
                    .as(page)
                    .isEqualTo(403);
        }
        assertThat(browser.post(LIST + "/" + other + "/cancel").statusCode()).isEqualTo(403);
        assertThat(browser.post(LIST + "/" + other + "/edit", fields("version", "1"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.get(LIST + "/" + UUID.randomUUID() + "/edit").statusCode())
                .isEqualTo(404);
        assertThat(browser.get(LIST + "/nonsense/participants").statusCode()).isEqualTo(404);
    }

    @Test
    void participantsAreSearchedPagedAndExported() {
        var competition = database.createCompetition(organizer.id(), Map.of("capacity", 100));
        var participants = database.createParticipants(25);
        database.createConfirmed(competition, participants);
        database.execute("UPDATE users SET name = '100% Zoë O’Brien' WHERE id = ?", participants.get(7));
        var address = LIST + "/" + competition + "/participants";
        var first = browser.get(address).asString();
        assertThat(first.split("scope=\"row\"")).hasSize(21);
        var next =
                first.replaceAll("(?s).*href=\"([^\"]+cursor=[^\"]+)\".*", "$1").replace("&amp;", "&");
        assertThat(browser.get(next).asString().split("scope=\"row\"")).hasSize(6);
        for (var words : List.of("zoë", "100%", participants.get(7).toString(), "ZOE\u0308", "o'brien", "１００％")) {
            var found = browser.get(address + "?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8))
                    .asString();
            assertThat(found.split("scope=\"row\"")).as(words).hasSize(2);
            assertThat(found).contains("100% Zoë");
        }
        assertThat(browser.get(address + "?q=nobody").asString()).contains("No registration matches.");
        assertThat(browser.get(address + "?status=waitlisted").asString()).contains("No registration matches.");
        assertThat(browser.get(address + "?status=nonsense").statusCode()).isEqualTo(400);
        var link = address + "/csv?bom=true";
        assertThat(first).contains("href=\"" + link + "\"");
        var csv = browser.get(link);
        assertThat(csv.asByteArray()).startsWith(0xEF, 0xBB, 0xBF);
        assertThat(csv.contentType()).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).contains("attachment");
        assertThat(csv.asString().lines()).hasSize(26);
        assertThat(csv.asString()).contains("100% Zoë");
    }

    @Test
    void failedJobsAreRetriedAndDiscarded() {
        var competition = database.createCompetition(organizer.id(), Map.of());
        var ids = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        ids.forEach(id -> database.execute(
                "INSERT INTO failed_jobs (id, kind, competition_id, attempts, error) VALUES (?, 'test:page', ?, 5, 'It"
                        + " <broke>')",
                id,
                competition));
        assertThat(browser.get("/organizer/failed-jobs").asString()).contains("test:page", "It &lt;broke&gt;");
        var address = "/organizer/failed-jobs/";
        assertThat(browser.post(address + ids.get(0) + "/discard").header("Location"))
                .endsWith("done=job-discarded");
        assertThat(browser.post(address + ids.get(0) + "/discard").header("Location"))
                .endsWith("done=job-gone");
        assertThat(browser.post(address + ids.get(1) + "/retry").header("Location"))
                .endsWith("done=job-retried");
        assertThat(browser.post(address + "retry").header("Location")).endsWith("done=all-retried");
        var other = Browser.of(TestUser.organizer());
        assertThat(other.get("/organizer/failed-jobs").asString()).contains("There are no failed jobs.");
        assertThat(other.post(address + ids.get(2) + "/retry").header("Location"))
                .endsWith("done=job-gone");
    }
}
