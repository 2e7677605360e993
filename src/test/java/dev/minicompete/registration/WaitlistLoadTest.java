package dev.minicompete.registration;

import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.concurrently;
import static dev.minicompete.testing.Requests.patch;
import static dev.minicompete.testing.Requests.patiently;
import static dev.minicompete.testing.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The waitlist under concurrent changes. */
@QuarkusTest
class WaitlistLoadTest {

    private static final int THREADS = 24;
    private static final int WAITING = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();

    /** Shuffles the requests; its seed is in the message of a failure. */
    private final Random random = new Random(4);

    @BeforeEach
    void emptyTables() {
        database.execute("TRUNCATE registrations, competitions, outbox, mailbox, failed_jobs CASCADE");
    }

    @Test
    void concurrentCancellationsAndRegistrationsKeepTheOrderAndLoseNoSeat() throws Exception {
        var seats = 20;
        var competition = competition(seats);
        var people = TestUser.participants(seats + WAITING);
        var registrations = registerAll(people, competition);
        assertThat(database.count("SELECT waitlisted FROM competitions WHERE id = ?", competition))
                .isEqualTo(WAITING);
        var confirmed = database.texts(
                "SELECT id::text FROM registrations WHERE competition_id = ? AND status = 'confirmed'", competition);

        var tasks = new ArrayList<Callable<UUID>>();
        for (var i = 0; i < people.size(); i++) {
            var person = people.get(i);
            var registration = registrations.get(i);
            // All confirmed participants cancel, and every third on the waitlist.
            if (confirmed.contains(registration.toString()) || i % 3 == 0) {
                tasks.add(() -> {
                    assertThat(patiently(() -> cancel(person, registration)).statusCode())
                            .isEqualTo(204);
                    return registration;
                });
            }
        }
        TestUser.participants(60).forEach(late -> tasks.add(() -> register(late, competition)));
        Collections.shuffle(tasks, random);
        var answered = concurrently(THREADS, tasks);

        var oracle = assertSound(competition);
        oracle.assertEveryAnswerIsARow(answered);
        assertThat(database.count("SELECT registered FROM competitions WHERE id = ?", competition))
                .isEqualTo(seats);
        assertThat(mostPromotionsOfOne(competition)).isEqualTo(1);
    }

    @Test
    void concurrentCancellationsOfOneSeatPromoteOnce() throws Exception {
        var competition = competition(1);
        var holder = TestUser.participant();
        var registration = register(holder, competition);
        registerAll(TestUser.participants(WAITING), competition);

        var tasks = Collections.<Callable<Integer>>nCopies(
                60, () -> patiently(() -> cancel(holder, registration)).statusCode());
        assertThat(concurrently(THREADS, tasks)).containsOnly(204);

        assertSound(competition);
        assertThat(database.count(
                        "SELECT count(*) FROM mailbox WHERE competition_id = ? AND kind = 'promoted'", competition))
                .isEqualTo(1);
        assertThat(database.count("SELECT waitlisted FROM competitions WHERE id = ?", competition))
                .isEqualTo(WAITING - 1);
    }

    @Test
    void capacityRaisedUnderLoadIsFilled() throws Exception {
        var competition = competition(5);
        var people = TestUser.participants(WAITING);
        var registrations = registerAll(people.subList(0, 60), competition);

        var tasks = new ArrayList<Callable<UUID>>();
        people.subList(60, WAITING).forEach(late -> tasks.add(() -> register(late, competition)));
        for (var i = 0; i < 40; i++) {
            var person = people.get(i);
            var registration = registrations.get(i);
            tasks.add(() -> {
                assertThat(patiently(() -> cancel(person, registration)).statusCode())
                        .isEqualTo(204);
                return registration;
            });
        }
        for (var i = 0; i < 8; i++) {
            tasks.add(() -> {
                raise(competition, 5);
                return registrations.get(0);
            });
        }
        Collections.shuffle(tasks, random);
        var answered = concurrently(THREADS, tasks);

        var oracle = assertSound(competition);
        oracle.assertEveryAnswerIsARow(answered);
        assertThat(database.text(
                        "SELECT capacity || ' ' || registered || ' ' || waitlisted FROM competitions WHERE id = ?",
                        competition))
                .isEqualTo("45 45 15");
        assertThat(mostPromotionsOfOne(competition)).isEqualTo(1);
    }

    /** Adds seats with optimistic locking: reads, sends the version, and repeats when it is stale. */
    private void raise(UUID competition, int seats) {
        for (var status = 412; status == 412; ) {
            var seen = patiently(() -> organizer.get("/api/competitions/{id}", competition));
            var capacity = seen.jsonPath().getInt("capacity") + seats;
            var answer = patiently(
                    () -> patch(organizer, competition, seen.header("ETag"), "{\"capacity\":" + capacity + "}"));
            status = answer.statusCode();
            assertThat(status).as(answer.asString()).isIn(200, 412);
        }
    }

    private UUID competition(int capacity) {
        return database.createCompetition(organizer.id(), Map.of("capacity", capacity, "waitlist", true));
    }

    private static List<UUID> registerAll(List<TestUser> people, UUID competition) throws Exception {
        return concurrently(
                THREADS,
                people.stream()
                        .map(one -> (Callable<UUID>) () -> register(one, competition))
                        .toList());
    }

    private long mostPromotionsOfOne(UUID competition) {
        return database.count("""
                SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM mailbox
                    WHERE competition_id = ? AND kind = 'promoted' GROUP BY registration_id) AS mails
                """, competition);
    }

    private Oracle assertSound(UUID competition) {
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
        return oracle;
    }
}
