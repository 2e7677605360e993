package dev.minicompete.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext.ClearCookiesOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import com.microsoft.playwright.options.AriaRole;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Latch;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.Tool;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages in a real browser, against the production package: each role's way through, with a script and without. */
class WebIT {

    private static final IsVisibleOptions SOON = new IsVisibleOptions().setTimeout(10_000);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static TestDatabase database;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        Tool.CHROMIUM.require();
        database = cluster.database();
        chromium = Chromium.start(cluster.start(Map.of()).api());
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void nothingIsComplainedAbout() {
        assertThat(chromium.complaints()).isEmpty();
    }

    private static NewContextOptions script(boolean enabled) {
        return new NewContextOptions().setJavaScriptEnabled(enabled);
    }

    private static void click(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name)).click();
    }

    private static void press(Page page, String button) {
        click(page, AriaRole.BUTTON, button);
    }

    private static void follow(Page page, String link) {
        click(page, AriaRole.LINK, link);
    }

    private static Page participant(boolean script) {
        return chromium.visitor(script(script), cluster.tokens().participant(database.createParticipant()));
    }

    private static void logIn(Page page, UUID user) {
        page.getByLabel("E-mail address").fill(user + "@example.com");
        page.getByLabel("Password").fill(TestDatabase.PASSWORD);
        press(page, "Log in");
    }

    private static String address(UUID competition) {
        return "/competitions/" + competition;
    }

    /** A visitor finds a competition, becomes a participant, takes a seat and gives it back. */
    @Test
    void somebodySignsUpRegistersAndReadsTheMail() {
        signUpRegisterAndReadTheMail(true);
    }

    @FullRun
    @Test
    void somebodySignsUpRegistersAndReadsTheMailWithoutAScript() {
        signUpRegisterAndReadTheMail(false);
    }

    private static void signUpRegisterAndReadTheMail(boolean script) {
        var title = "First Cup " + UUID.randomUUID();
        database.createCompetition(database.createOrganizer(), Map.of("title", title));
        var page = chromium.visitor(script(script));
        page.navigate("/");
        page.getByLabel("Search").fill(title);
        if (!script) {
            press(page, "Search");
        }
        assertThat(page.locator(".cards > li")).hasCount(1);
        follow(page, title);
        follow(page, "Log in to register");
        page.getByRole(AriaRole.MAIN).getByText("Sign up").click();
        page.getByLabel("Name").fill("Ada");
        page.getByLabel("E-mail address").fill(UUID.randomUUID() + "@example.com");
        page.getByLabel("Password").fill("pass123");
        page.getByLabel("Take part").check();
        press(page, "Create my account");
        assertThat(page).hasURL(Pattern.compile(".*/competitions/.*"));
        page.getByLabel("Note for the organizer").fill("I bring a friend.");
        press(page, "Register");
        assertThat(page.getByText("You are in.")).isVisible();
        assertThat(page.getByText("I bring a friend.")).isVisible();
        cluster.assertDrainedAndSound();
        page.reload();
        assertThat(page.locator("#unread")).containsText("1");
        follow(page, "Mailbox");
        follow(page, "You are in: " + title);
        assertThat(page.locator("#unread")).isEmpty();
        follow(page, "My registrations");
        assertThat(page.getByText("Confirmed")).isVisible();
        follow(page, "Cancel my registration for " + title + " …");
        press(page, "Cancel my registration");
        assertThat(page.getByText("Your registration is cancelled.")).isVisible();
        press(page, "Log out");
        assertThat(page.getByText("You are logged out.")).isVisible();
        cluster.assertDrainedAndSound();
        page.context().close();
    }

    @Test
    void anOrganizerPublishesEditsExportsAndCallsOff() throws Exception {
        publishEditExportAndCallOff(true);
    }

    @FullRun
    @Test
    void anOrganizerPublishesEditsExportsAndCallsOffWithoutAScript() throws Exception {
        publishEditExportAndCallOff(false);
    }

    private static void publishEditExportAndCallOff(boolean script) throws Exception {
        var organizer = database.createOrganizer();
        var options = script(script).setTimezoneId("America/New_York");
        var page = chromium.visitor(options, cluster.tokens().organizer(organizer));
        page.navigate("/organizer/competitions");
        follow(page, "New competition");
        press(page, "Publish");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Title is required.");
        page.getByLabel("Title").fill("Open Cup");
        page.getByLabel("Capacity").fill("2");
        page.getByLabel("Registration deadline").fill("2090-05-01T12:00");
        press(page, "Publish");
        assertThat(page.getByText("Your competition is published.")).isVisible();
        assertThat(database.text(
                        "SELECT extract(hour FROM reg_deadline AT TIME ZONE 'UTC')::int FROM competitions WHERE organizer_id = ?",
                        organizer))
                .isEqualTo(script ? "16" : "12");
        var id = UUID.fromString(page.url().replaceAll(".*/competitions/([^?]+).*", "$1"));

        follow(page, "Edit");
        database.execute("UPDATE competitions SET title = 'Their Cup', version = version + 1 WHERE id = ?", id);
        page.getByLabel("Title").fill("My Cup");
        press(page, "Save");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Somebody changed this competition");
        assertThat(page.getByText("Changed meanwhile to: Their Cup")).isVisible();
        assertThat(page.getByLabel("Title")).hasValue("My Cup");
        press(page, "Save");
        assertThat(page.getByText("Your changes are saved.")).isVisible();
        assertThat(database.text(
                        "SELECT title || ' ' || extract(hour FROM reg_deadline AT TIME ZONE 'UTC')::int FROM competitions WHERE id = ?",
                        id))
                .isEqualTo(script ? "My Cup 16" : "My Cup 12");

        database.createConfirmed(id, database.createParticipants(2));
        follow(page, "Participants");
        assertThat(page.locator("tbody tr")).hasCount(2);
        var download = page.waitForDownload(() -> follow(page, "Download CSV"));
        assertThat(Files.readAllLines(download.path())).hasSize(3);

        page.navigate("/organizer" + address(id) + "/edit");
        follow(page, "Cancel this competition …");
        press(page, "Cancel the competition");
        assertThat(page.getByText("The organizer has cancelled this competition."))
                .isVisible();
        page.context().close();
    }

    /** In Berlin it is 02:30 twice on 29 October 2090. A browser may also have a zone that no server knows. */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "Etc/Unknown"})
    void timesOfAFormAreInTheZoneOfTheBrowser(String zone) {
        var second = Instant.parse("2090-10-29T01:30:00.123456Z");
        var organizer = database.createOrganizer();
        var competition = database.createCompetition(
                organizer, Map.of("reg_deadline", second.minusSeconds(86_400), "starts_at", second));
        var page = chromium.visitor(
                script(true).setTimezoneId("Europe/Berlin"), cluster.tokens().organizer(organizer));
        page.addInitScript("const options = Intl.DateTimeFormat.prototype.resolvedOptions;"
                + "Intl.DateTimeFormat.prototype.resolvedOptions = function () {"
                + "return {...options.call(this), timeZone: '" + zone + "'}; };");
        page.navigate("/organizer" + address(competition) + "/edit");
        assertThat(page.getByLabel("Time zone")).hasValue("local");
        assertThat(page.getByLabel("Time zone").locator("option:checked")).hasText(zone + " (this device)");
        assertThat(page.getByLabel("Start")).hasValue("2090-10-29T02:30");
        page.getByLabel("Title").fill("New Cup");
        press(page, "Save");
        assertThat(page.getByText("Your changes are saved.")).isVisible();
        assertThat(database.count(
                        "SELECT count(*) FROM competitions WHERE id = ? AND title = 'New Cup' AND starts_at = ?",
                        competition,
                        second))
                .isEqualTo(1);

        follow(page, "Edit");
        database.execute("UPDATE competitions SET version = version + 1 WHERE id = ?", competition);
        page.getByLabel("Start").fill("2090-10-30T08:15");
        press(page, "Save");
        assertThat(page.getByText("Changed meanwhile to: 2090-10-29T02:30")).isVisible();
        assertThat(page.getByLabel("Start")).hasValue("2090-10-30T08:15");
        press(page, "Save");
        assertThat(page.getByText("Your changes are saved.")).isVisible();
        assertThat(database.text(
                        "SELECT to_char(starts_at AT TIME ZONE 'UTC', 'DD HH24:MI') FROM competitions WHERE id = ?",
                        competition))
                .isEqualTo("30 07:15");

        follow(page, "Edit");
        page.getByLabel("Time zone").selectOption("Asia/Tokyo");
        page.getByLabel("Start").fill("2090-10-30T08:15");
        press(page, "Save");
        assertThat(page.getByText("Your changes are saved.")).isVisible();
        assertThat(database.text(
                        "SELECT to_char(starts_at AT TIME ZONE 'UTC', 'DD HH24:MI') FROM competitions WHERE id = ?",
                        competition))
                .isEqualTo("29 23:15");
        page.context().close();
    }

    @Test
    @FullRun
    void aPromotionFromTheWaitlistIsSeenWithoutTouchingThePage() {
        var competition =
                database.createCompetition(database.createOrganizer(), Map.of("capacity", 1, "waitlist", true));
        var first = participant(true);
        first.navigate(address(competition));
        press(first, "Register");
        assertThat(first.getByText("You are in.")).isVisible();
        var second = participant(true);
        second.navigate(address(competition));
        press(second, "Join the waitlist");
        assertThat(second.getByText("You are number 1 on the waitlist.")).isVisible();
        assertThat(first.getByText("1 waiting")).isVisible(SOON);

        var third = participant(true);
        third.navigate(address(competition));
        third.getByLabel("Note for the organizer").fill("not to be lost");
        follow(first, "Cancel my registration …");
        press(first, "Cancel my registration");
        assertThat(second.getByText("You are in.")).isVisible(SOON);
        assertThat(third.locator("#live")).not().containsText("waiting");
        assertThat(third.getByLabel("Note for the organizer")).hasValue("not to be lost");
        cluster.assertDrainedAndSound(competition);
    }

    @FullRun
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDoubleClickIsOneRegistration(boolean script) {
        var competition = database.createCompetition(10);
        var page = participant(script);
        page.navigate(address(competition));
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Register"))
                .dblclick();
        assertThat(page.getByText("You are in.")).isVisible(SOON);
        page.goBack();
        page.navigate(address(competition));
        assertThat(page.getByText("You are in.")).isVisible();
        assertThat(database.count("SELECT count(*) FROM registrations WHERE competition_id = ?", competition))
                .isEqualTo(1);
        cluster.assertDrainedAndSound(competition);
    }

    @FullRun
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTwinUnderWayIsWaitedFor(boolean script) {
        var competition = database.createCompetition(10);
        var page = participant(script);
        page.navigate(address(competition));
        var key = page.locator("input[name=key]").inputValue();
        var button = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Register"));
        try (var gate = Latch.before("INSERT", "registrations", database)) {
            button.click(new Locator.ClickOptions().setNoWaitAfter(true));
            gate.awaitSomebody();
            var other = page.context().newPage();
            other.navigate(address(competition) + "?attempt=" + key);
            assertThat(other.getByText("Your registration is being processed.")).isVisible();
            gate.open();
            assertThat(other.getByText("You are in.")).isVisible(SOON);
        }
        assertThat(page.getByText("You are in.")).isVisible(SOON);
        cluster.assertDrainedAndSound(competition);
    }

    @FullRun
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anExpiredSessionLeadsThroughTheLoginAndLosesNothing(boolean script) {
        var competition = database.createCompetition(10);
        var user = database.createParticipant();
        var page = chromium.visitor(script(script), cluster.tokens().participant(user));
        page.navigate(address(competition));
        page.getByLabel("Note for the organizer").fill("Two of us");
        page.context().clearCookies(new ClearCookiesOptions().setName("__Host-session"));
        press(page, "Register");
        assertThat(page.getByText("Your session has expired.")).isVisible();
        logIn(page, user);
        press(page, "Send it now");
        assertThat(page.getByText("You are in.")).isVisible();
        assertThat(page.getByText("Two of us")).isVisible();
        page.context().clearCookies(new ClearCookiesOptions().setName("__Host-session"));
        page.navigate("/registrations");
        logIn(page, user);
        assertThat(page).hasURL(chromium.base() + "/registrations");
        assertThat(database.count("SELECT count(*) FROM registrations WHERE competition_id = ?", competition))
                .isEqualTo(1);
    }

    @FullRun
    @Test
    void thePagesCanBeUsedByKeyboardAlone() {
        var competition = database.createCompetition(10);
        var page = participant(true);
        page.navigate(address(competition));
        page.keyboard().press("Tab");
        assertThat(page.getByText("Skip to the content")).isFocused();
        page.keyboard().press("Enter");
        page.getByLabel("Note for the organizer").focus();
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator("#standing")).containsText("You are in.");
        assertThat(page.locator("#standing")).isFocused();
    }

    @FullRun
    @Test
    void aHiddenPageAsksForNothing() {
        var competition = database.createCompetition(10);
        var page = participant(true);
        page.addInitScript("Object.defineProperty(document, 'hidden', { get: () => !window.seen })");
        page.navigate(address(competition));
        var asked = new AtomicInteger();
        page.onRequest(request -> {
            if (request.url().contains("/live")) {
                asked.incrementAndGet();
            }
        });
        page.waitForTimeout(4_000);
        assertThat(asked).hasValue(0);
        page.waitForRequest(
                Pattern.compile(".*/live.*"),
                () -> page.evaluate("window.seen = true; document.dispatchEvent(new Event('visibilitychange'))"));
    }
}
