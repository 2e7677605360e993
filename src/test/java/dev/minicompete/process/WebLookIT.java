package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Route.FulfillOptions;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.Tool;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page, narrow and wide, in light and dark: accessible by axe's rules, and a picture of it in target/screenshots. */
@FullRun
class WebLookIT {

    private static final String NOBODY = null;

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static Chromium chromium;

    /** Whose token each page is opened with. */
    private static final Map<String, View> VIEWS = new LinkedHashMap<>();

    private record View(String token, String path, Act act) {}

    /** What is done on the page before it is looked at. */
    private interface Act {
        void on(Page page);
    }

    @BeforeAll
    static void start() {
        Tool.CHROMIUM.require();
        chromium = Chromium.start(cluster.start(Map.of()).api());
        fill(cluster.database());
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static void view(String name, String token, String path) {
        view(name, token, path, page -> {});
    }

    private static void view(String name, String token, String path, Act act) {
        VIEWS.put(name, new View(token, path, act));
    }

    private static void fill(TestDatabase database) {
        var organizer = database.createOrganizer();
        var participant = database.createParticipant();
        database.execute("UPDATE users SET name = 'Ada Lovelace' WHERE id = ?", participant);
        database.execute("UPDATE users SET name = 'Konrad Zuse' WHERE id = ?", organizer);
        var open = create(database, organizer, "Weekend Hackathon", 50, 20, Map.of("waitlist", true));
        var full = create(database, organizer, "SQL Cup", 3, 1, Map.of("waitlist", true));
        var closed = create(database, organizer, "Chess Open", 64, -1, Map.of());
        var off = create(database, organizer, "Robot Race", 20, 40, Map.of());
        create(database, organizer, "Pneumonoultramicroscopicsilicovolcanoconiosis Spelling Bee", 1000, 9000, Map.of());
        database.createConfirmed(open, database.createParticipants(31));
        database.createConfirmed(closed, List.of(participant));
        database.createConfirmed(off, List.of(participant));
        database.createConfirmed(full, database.createParticipants(3));
        database.execute("UPDATE competitions SET cancelled_at = now(), version = 2 WHERE id = ?", off);
        database.execute(
                "UPDATE registrations SET note = 'I bring a friend, and we need a table.' WHERE id IN (SELECT id FROM registrations WHERE competition_id = ? LIMIT 3)",
                open);
        for (var i = 0; i < 3; i++) {
            database.execute(
                    "INSERT INTO failed_jobs (id, kind, competition_id, attempts, error) VALUES (?, 'registration:confirmation', ?, 5, 'Database error 23514')",
                    UUID.randomUUID(),
                    open);
        }
        var asParticipant = cluster.tokens().participant(participant);
        var asOrganizer = cluster.tokens().organizer(organizer);
        var other = cluster.tokens().participant(database.createParticipant());
        var api = URI.create(chromium.base());
        var seat = Http.register(api, open, asParticipant, "look").id();
        Http.register(api, full, asParticipant, "look");
        var quiet = cluster.tokens().organizer(database.createOrganizer());
        cluster.awaitEmptyQueue();
        new Oracle(database, open).awaitDrained(Duration.ofSeconds(20));
        var mail = database.text("SELECT id FROM mailbox WHERE registration_id = ?", seat);

        view("home", NOBODY, "/");
        view("home-nothing-found", NOBODY, "/?q=nothing-like-this");
        view("home-invalid", NOBODY, "/?status=nonsense");
        view("competition-anonymous", NOBODY, "/competitions/" + open);
        view("competition-register", other, "/competitions/" + open);
        view("competition-confirmed", asParticipant, "/competitions/" + open);
        view("competition-full", other, "/competitions/" + full);
        view("competition-waiting", asParticipant, "/competitions/" + full);
        view("competition-closed", other, "/competitions/" + closed);
        view("competition-cancelled", other, "/competitions/" + off);
        // It would go on by itself in the midst of being looked at.
        view(
                "competition-under-way",
                other,
                "/competitions/" + open + "?attempt=look",
                page -> page.route(
                        Pattern.compile("attempt="), route -> route.fulfill(new FulfillOptions().setStatus(204))));
        view("competition-owner", asOrganizer, "/competitions/" + open);
        view("login", NOBODY, "/login");
        view(
                "login-errors",
                NOBODY,
                "/login",
                page -> page.locator("main button").click());
        view("signup", NOBODY, "/signup");
        view(
                "signup-errors",
                NOBODY,
                "/signup",
                page -> page.locator("main button").click());
        view("registrations", asParticipant, "/registrations");
        view("registrations-empty", other, "/registrations");
        view("registration-cancel", asParticipant, "/registrations/" + seat + "/cancel");
        view("mailbox", asParticipant, "/mailbox");
        view("mailbox-empty", other, "/mailbox");
        view("mail", asParticipant, "/mailbox/" + mail);
        view("organizer", asOrganizer, "/organizer/competitions");
        view("organizer-empty", quiet, "/organizer/competitions");
        view("new", asOrganizer, "/organizer/competitions/new");
        view(
                "new-errors",
                asOrganizer,
                "/organizer/competitions/new",
                page -> page.locator("main button").click());
        view("edit", asOrganizer, "/organizer/competitions/" + open + "/edit");
        view("edit-conflict", asOrganizer, "/organizer/competitions/" + open + "/edit", page -> {
            page.locator("#title").fill("Weekend Hackathon, second edition");
            page.locator("input[name=version]").evaluate("field => field.value = 0");
            page.locator("main button").click();
        });
        view("cancel", asOrganizer, "/organizer/competitions/" + open + "/cancel");
        view("participants", asOrganizer, "/organizer/competitions/" + open + "/participants");
        view("participants-empty", asOrganizer, "/organizer/competitions/" + open + "/participants?q=nobody");
        view("failed-jobs", asOrganizer, "/organizer/failed-jobs");
        view("failed-jobs-empty", quiet, "/organizer/failed-jobs");
        view("forbidden", other, "/organizer/competitions");
        view("not-found", NOBODY, "/nothing");
    }

    private static UUID create(
            TestDatabase database, UUID organizer, String title, int capacity, int hours, Map<String, Object> more) {
        var columns = new LinkedHashMap<String, Object>(more);
        columns.put("title", title);
        columns.put("capacity", capacity);
        columns.put(
                "description",
                "Bring a laptop and an idea. Food and coffee are on us.\n\nTeams of up to four; prizes for the three best.");
        columns.put("location", "Berlin, Hall 3");
        columns.put("reg_deadline", Instant.now().plus(Duration.ofHours(hours)));
        columns.put("starts_at", Instant.now().plus(Duration.ofHours(hours + 30)));
        columns.put("ends_at", Instant.now().plus(Duration.ofHours(hours + 54)));
        var id = database.createCompetition(organizer, columns);
        database.execute("UPDATE competitions SET tags = '{coding,weekend}' WHERE id = ?", id);
        return id;
    }

    @ParameterizedTest
    @CsvSource({"360, false", "360, true", "1440, false", "1440, true"})
    void everyPageIsAccessibleAndFits(int width, boolean dark) {
        var problems = new ArrayList<String>();
        VIEWS.forEach((name, view) -> {
            // axe brings its own script and style, which no policy of ours lets in; WebIT holds that pages need
            // neither.
            var options = Chromium.screen(width, dark).setBypassCSP(true);
            var page = view.token == null ? chromium.visitor(options) : chromium.visitor(options, view.token);
            page.navigate(view.path);
            view.act.on(page);
            page.locator("footer").waitFor();
            var file = "%s-%d-%s.png".formatted(name, width, dark ? "dark" : "light");
            page.screenshot(new ScreenshotOptions().setFullPage(true).setPath(Path.of("target", "screenshots", file)));
            new AxeBuilder(page)
                    .setLegacyMode(true).analyze().getViolations().stream()
                            .filter(violation -> List.of("serious", "critical").contains(violation.getImpact()))
                            .forEach(violation -> problems.add(name + ": " + violation.getId() + " "
                                    + violation.getNodes().stream()
                                            .map(node -> node.getHtml())
                                            .toList()));
            var overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (!overflow.equals(0)) {
                problems.add(name + ": is " + overflow + " pixels too wide");
            }
            page.context().close();
        });
        assertThat(problems).isEmpty();
    }

    @Test
    void noPageBreaksItsOwnPolicy() {
        VIEWS.forEach((name, view) -> {
            var options = Chromium.screen(1440, false);
            var page = view.token == null ? chromium.visitor(options) : chromium.visitor(options, view.token);
            page.navigate(view.path);
            view.act.on(page);
            page.locator("footer").waitFor();
            page.context().close();
        });
        assertThat(chromium.complaints()).isEmpty();
    }
}
