package dev.minicompete.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.Requests;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Registering by a form without JavaScript. */
@QuarkusTest
class RegisterPageTest {

    private final TestDatabase database = TestServers.database();

    private static String page(UUID competition) {
        return "/competitions/" + competition;
    }

    private static String register(UUID competition) {
        return page(competition) + "/register";
    }

    private long rows(UUID competition) {
        return database.count("SELECT count(*) FROM registrations WHERE competition_id = ?", competition);
    }

    @Test
    void formRegisters() {
        var competition = database.createCompetition(10);
        var browser = Browser.of(TestUser.participant());
        var key = Browser.field(browser.get(page(competition)), "key");
        var answer = browser.post(register(competition), "key", key, "note", "I bring <b>a friend</b>.\r\nTwo.");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo(page(competition) + "#panel");
        assertThat(browser.get(page(competition)).asString())
                .contains("You are in.", "I bring &lt;b&gt;a friend&lt;/b&gt;.\nTwo.")
                .doesNotContain("name=\"key\"");
        new Oracle(database, competition).awaitDrained(Duration.ofSeconds(10));
        assertThat(browser.get("/mailbox").asString()).contains("You are in: Hackathon", "(1 unread)");
    }

    @Test
    void formSentTwentyTimesAtOnceMakesOneRegistrationAndNoErrorPage() throws Exception {
        var competition = database.createCompetition(10);
        var browser = Browser.of(TestUser.participant());
        var key = Browser.field(browser.get(page(competition)), "key");
        Callable<Integer> click = () -> {
            var answer = browser.form("key", key).post(register(competition));
            assertThat(answer.header("Location")).startsWith(page(competition));
            return answer.statusCode();
        };
        assertThat(Requests.concurrently(20, Collections.nCopies(20, click))).containsOnly(303);
        assertThat(rows(competition)).isEqualTo(1);
        assertThat(browser.post(register(competition), "key", key).statusCode()).isEqualTo(303);
        assertThat(browser.get(page(competition)).asString()).contains("You are in.");
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(Duration.ofSeconds(10));
        oracle.assertInvariants();
    }

    @Test
    void pagePollsForARegistrationInProgress() {
        var competition = database.createCompetition(10);
        var browser = Browser.of(TestUser.participant());
        var answer = browser.get(page(competition) + "?attempt=a%26b");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString()).contains("Your registration is being processed.");
        assertThat(answer.header("Refresh")).isEqualTo("1;url=" + page(competition) + "?attempt=a%26b&tries=2");
        var last = browser.get(page(competition) + "?attempt=a%26b&tries=31");
        assertThat(last.header("Refresh")).isNull();
        assertThat(Browser.field(last, "key")).isEqualTo("a&amp;b");
    }

    @Test
    void anotherNoteWithTheSameKeyShowsTheForm() {
        var competition = database.createCompetition(10);
        var browser = Browser.of(TestUser.participant());
        var key = Browser.field(browser.get(page(competition)), "key");
        browser.post(register(competition), "key", key, "note", "one");
        var answer = browser.post(register(competition), "key", key, "note", "two");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.asString()).contains("You are in.", "was sent before, with another note");
        assertThat(rows(competition)).isEqualTo(1);
    }

    @Test
    void tooLongNoteIsReportedAndKeptInTheForm() {
        var competition = database.createCompetition(10);
        var browser = Browser.of(TestUser.participant());
        var key = Browser.field(browser.get(page(competition)), "key");
        var note = "x".repeat(501);
        var answer = browser.post(register(competition), "key", key, "note", note);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.asString()).contains("Note must have at most 500 characters.", note);
        assertThat(Browser.field(answer, "key")).isEqualTo(key);
        assertThat(browser.post(register(competition), "key", key, "note", "\0").statusCode())
                .isEqualTo(400);
        assertThat(rows(competition)).isZero();
    }

    @Test
    void seatTakenInTheMeantimeIsReported() {
        var competition = database.createCompetition(1);
        var browser = Browser.of(TestUser.participant());
        var key = Browser.field(browser.get(page(competition)), "key");
        Requests.register(TestUser.participant(), competition);
        for (var i = 0; i < 2; i++) {
            var answer = browser.post(register(competition), "key", key);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.asString()).contains("All 1 seats of this competition are taken.", "All seats are taken");
        }
    }

    @Test
    void waitlistIsOffered() {
        var competition =
                database.createCompetition(database.createOrganizer(), Map.of("capacity", 1, "waitlist", true));
        var first = TestUser.participant();
        var seat = Requests.register(first, competition);
        var browser = Browser.of(TestUser.participant());
        var offer = browser.get(page(competition));
        assertThat(offer.asString()).contains("Join the waitlist");
        browser.post(register(competition), "key", Browser.field(offer, "key"));
        assertThat(browser.get(page(competition)).asString()).contains("You are number 1 on the waitlist.");
        assertThat(Browser.of(first).post("/registrations/" + seat + "/cancel").header("Location"))
                .isEqualTo("/registrations?done=seat-given-back");
        assertThat(browser.get(page(competition)).asString()).contains("You are in.");
    }

    @Test
    void closedAndCancelledCompetitionsSayWhy() {
        var organizer = database.createOrganizer();
        var past = Instant.now().minusSeconds(5);
        var closed = database.createCompetition(organizer, Map.of("reg_deadline", past));
        var cancelled = database.createCompetition(organizer, Map.of("cancelled_at", past));
        var browser = Browser.of(TestUser.participant());
        assertThat(browser.get(page(closed)).asString()).contains("The registration deadline has passed.");
        assertThat(browser.post(register(closed), "key", "k").statusCode()).isEqualTo(409);
        assertThat(browser.get(page(cancelled)).asString()).contains("The organizer has cancelled this competition.");
        var answer = browser.post(register(cancelled), "key", "k");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.contentType()).startsWith("text/html");
    }

    @Test
    void cancellingAfterTheStartIsRejected() {
        var competition = database.createCompetition(
                database.createOrganizer(),
                Map.of(
                        "reg_deadline",
                        Instant.now().minusSeconds(9),
                        "starts_at",
                        Instant.now().minusSeconds(5)));
        var user = TestUser.participant();
        var seat = database.createConfirmed(competition, List.of(user.id())).get(0);
        var answer = Browser.of(user).post("/registrations/" + seat + "/cancel");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.asString()).contains("it is too late to cancel");
    }

    @Test
    void othersCannotSeeOrCancelARegistration() {
        var competition = database.createCompetition(10);
        var seat = Requests.register(TestUser.participant(), competition);
        var other = Browser.of(TestUser.participant());
        assertThat(other.get("/registrations/" + seat + "/cancel").statusCode()).isEqualTo(404);
        assertThat(other.post("/registrations/" + seat + "/cancel").statusCode())
                .isEqualTo(404);
    }

    @Test
    void formSentAfterTheSessionEndedContinuesAfterLogin() {
        var competition = database.createCompetition(10);
        var user = TestUser.participant();
        var browser = Browser.of(user);
        var key = Browser.field(browser.get(page(competition)), "key");
        browser.cookies().remove(Browser.SESSION);
        var login = browser.post(register(competition), "key", key, "note", "\"Hello\" & <goodbye>");
        assertThat(login.statusCode()).isEqualTo(401);
        assertThat(login.asString()).contains("Your session has expired.").doesNotContain("<goodbye>");
        assertThat(Browser.field(login, "resume.note")).isEqualTo("&quot;Hello&quot; &amp; &lt;goodbye&gt;");
        var resume = browser.post(
                "/login",
                "email",
                user.id() + "@example.com",
                "password",
                TestDatabase.PASSWORD,
                "resume-action",
                Browser.field(login, "resume-action"),
                "resume.key",
                Browser.field(login, "resume.key"),
                "resume.note",
                "\"Hello\" & <goodbye>");
        assertThat(resume.statusCode()).isEqualTo(200);
        assertThat(resume.asString()).contains("action=\"" + register(competition) + "\"", "Send it now");
        assertThat(Browser.field(resume, "key")).isEqualTo(key);
        assertThat(rows(competition)).isZero();
        browser.post(register(competition), "key", key, "note", "\"Hello\" & <goodbye>");
        assertThat(browser.get(page(competition)).asString())
                .contains("You are in.", "&quot;Hello&quot; &amp; &lt;goodbye&gt;");
        assertThat(rows(competition)).isEqualTo(1);
    }

    @Test
    void htmxGetsThePanelOnly() {
        var competition = database.createCompetition(10);
        var browser = Browser.of(TestUser.participant());
        var key = Browser.field(browser.get(page(competition)), "key");
        var answer = browser.htmx(register(competition), "key", key);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString()).contains("You are in.").doesNotContain("<html");
    }

    @Test
    void openPagesGetOnlyWhatHasChanged() {
        var competition = database.createCompetition(2);
        var user = TestUser.participant();
        var browser = Browser.of(user);
        var live = page(competition) + "/live?member=true&seen=";
        var first = browser.get(live);
        assertThat(first.statusCode()).isEqualTo(200);
        var seen = seen(first.asString());
        assertThat(browser.get(live + seen).statusCode()).isEqualTo(204);
        Requests.register(TestUser.participant(), competition);
        var seats = browser.get(live + seen);
        assertThat(seats.asString()).contains("1 seat left").doesNotContain("hx-swap-oob");
        Requests.register(TestUser.participant(), competition);
        var full = browser.get(live + seen);
        assertThat(full.asString())
                .contains("No seats left", "hx-swap-oob=\"innerHTML:#panel\"", "All seats are taken");
        browser.cookies().remove(Browser.SESSION);
        assertThat(browser.get(live + seen).statusCode()).isEqualTo(204);
    }

    private static String seen(String html) {
        var start = html.indexOf("seen=") + 5;
        return html.substring(start, html.indexOf("&amp;", start));
    }
}
