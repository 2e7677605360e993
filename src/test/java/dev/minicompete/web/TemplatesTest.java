package dev.minicompete.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.Requests;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.qute.Engine;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** In the native image Qute uses no reflection, so the build must generate a resolver for all that templates use. */
@QuarkusTest
class TemplatesTest {

    @Inject
    Engine engine;

    @Test
    void templatesUseNoReflection() throws Exception {
        var database = TestServers.database();
        var organizer = TestUser.organizer();
        var participant = TestUser.participant();
        var columns = Map.of("capacity", 1, "waitlist", true, "location", "Rome", "description", "Long");
        var competition = database.createCompetition(organizer.id(), columns);
        database.execute("UPDATE competitions SET tags = '{a,b}' WHERE id = ?", competition);
        database.execute(
                "INSERT INTO failed_jobs (id, kind, competition_id, attempts, error) VALUES (?, 'test:page', ?, 5, 'x')",
                UUID.randomUUID(),
                competition);
        var visitor = Browser.of(participant);
        var page = "/competitions/" + competition;
        show(Browser.anonymous(), "/", "/?status=nonsense", "/signup", page, "/nothing");
        show(visitor, "/", "/?q=nothing-like-it", page, page + "?attempt=a", "/registrations", "/mailbox");
        var seat = Requests.register(participant, competition);
        var waiting = TestUser.participant();
        Requests.register(waiting, competition);
        new Oracle(database, competition).awaitDrained(Duration.ofSeconds(10));
        var mail = database.text("SELECT id FROM mailbox WHERE registration_id = ?", seat);
        show(visitor, page, page + "/live", "/registrations", "/registrations/" + seat + "/cancel", "/mailbox");
        show(visitor, "/mailbox/unread", "/mailbox/" + mail, "/organizer/competitions");
        show(Browser.of(waiting), page, "/registrations");
        var owner = "/organizer/competitions";
        var own = owner + "/" + competition;
        var publisher = Browser.of(organizer);
        show(publisher, owner, owner + "/new", own + "/edit", own + "/cancel", own + "/participants", page);
        show(publisher, "/organizer/failed-jobs", "/mailbox?unread=true");
        publisher.post(owner, "title", "");
        publisher.post(own + "/edit", "title", "x", "version", "0", "capacity", "2", "regDeadline", "2090-01-01T00:00");
        visitor.post(page + "/register", "key", "k", "note", "x".repeat(600));
        visitor.cookies().remove(Browser.SESSION);
        visitor.post(page + "/register", "key", "k");
        visitor.post("/login", "email", "x");
        visitor.post("/signup", "email", "x");

        var reflection = engine.getValueResolvers().stream()
                .filter(ReflectionValueResolver.class::isInstance)
                .findFirst()
                .orElseThrow();
        var candidates = ReflectionValueResolver.class.getDeclaredField("candidates");
        candidates.setAccessible(true);
        assertThat(((Map<?, ?>) candidates.get(reflection)).entrySet())
                .noneMatch(found -> ((Optional<?>) found.getValue()).isPresent());
    }

    private static void show(Browser browser, String... paths) {
        for (var path : paths) {
            assertThat(browser.get(path).statusCode()).as(path).isLessThan(500);
        }
    }
}
