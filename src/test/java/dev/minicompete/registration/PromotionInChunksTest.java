package dev.minicompete.registration;

import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.json;
import static dev.minicompete.testing.Requests.patch;
import static dev.minicompete.testing.Requests.register;
import static dev.minicompete.testing.Requests.show;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.Latch;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestRedis;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A waitlist that is longer than what one transaction promotes. */
@QuarkusTest
class PromotionInChunksTest {

    /** See {@link TestServers}. */
    private static final int CHUNK = 7;

    private static final int WAITING = 3 * CHUNK;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("capacity", 1, "waitlist", true));
    private final TestUser confirmed = TestUser.participant();
    private UUID seat;

    /** In the order of their places. */
    private final List<UUID> waiting = database.createParticipants(WAITING);

    @BeforeEach
    void joinWaitlist() {
        seat = register(confirmed, competition);
        database.createWaitlisted(competition, waiting);
        new Oracle(database, competition).awaitDrained(PATIENCE);
    }

    @Test
    void raisedCapacityPromotesOneChunkAtOnceAndTheRestByJob() {
        try (var jobs = Latch.before("DELETE", "outbox", database)) {
            assertThat(raise(1 + WAITING)).isEqualTo("%d of %d, %d waiting", 1 + CHUNK, 1 + WAITING, WAITING - CHUNK);
            assertPromotedInOrder(CHUNK);
            jobs.open();
            assertSound();
        }
        assertPromotedInOrder(WAITING);
    }

    @Test
    void nobodyPassesThoseWhoWaitForTheNextChunk() {
        try (var jobs = Latch.before("DELETE", "outbox", database)) {
            raise(1 + WAITING);
            var late = TestUser.participant();
            var registration = register(late, competition);
            assertThat(show(late, registration).jsonPath().getInt("waitlistPosition"))
                    .isEqualTo(WAITING - CHUNK + 1);

            assertThat(cancel(confirmed, seat).statusCode()).isEqualTo(204);
            assertPromotedInOrder(2 * CHUNK);
            assertThat(database.count(
                            "SELECT count(*) FROM outbox WHERE kind = 'waitlist:promote' AND competition_id = ?",
                            competition))
                    .isOne();
            jobs.open();
            assertSound();
            assertThat(show(late, registration).jsonPath().getString("status")).isEqualTo("confirmed");
        }
        assertPromotedInOrder(WAITING);
    }

    @Test
    void promotionThatIsInterruptedContinues() {
        database.execute("UPDATE competitions SET capacity = ? WHERE id = ?", 1 + WAITING, competition);
        try (var promotion = Latch.before("UPDATE", "registrations", database)) {
            database.execute(
                    "INSERT INTO outbox (id, kind, competition_id) VALUES (uuid_v7(), 'waitlist:promote', ?)",
                    competition);
            for (var crash = 0; crash < 2; crash++) {
                promotion.awaitSomebody();
                database.executeAsSuperuser(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            }
        }
        assertSound();
        assertPromotedInOrder(WAITING);
    }

    @Test
    void promotionOfALockedCompetitionIsTriedAgainWithoutUsingAttempts() throws SQLException {
        database.execute("UPDATE competitions SET capacity = ? WHERE id = ?", 1 + WAITING, competition);
        try (var lock = database.connect()) {
            lock.setAutoCommit(false);
            lock.createStatement()
                    .execute("SELECT FROM competitions WHERE id = '" + competition + "' FOR NO KEY UPDATE");
            var job = UuidCreator.getTimeOrderedEpoch();
            database.execute(
                    "INSERT INTO outbox (id, kind, competition_id) VALUES (?, 'waitlist:promote', ?)",
                    job,
                    competition);
            TestRedis.send("LPUSH {jobs}:ready " + job);
            await().atMost(PATIENCE)
                    .until(() -> database.count(
                                    "SELECT count(*) FROM outbox WHERE attempts = 0 AND error = 'Database error 55P03'")
                            == 1);
            lock.rollback();
        }
        assertSound();
        assertPromotedInOrder(WAITING);
    }

    @Test
    void promotionEndsWhenTheCompetitionIsCancelled() {
        try (var jobs = Latch.before("DELETE", "outbox", database)) {
            raise(1 + WAITING);
            organizer.request().post("/api/competitions/{id}/cancel", competition);
            jobs.open();
            assertSound();
        }
        assertPromotedInOrder(CHUNK);
    }

    private String raise(int capacity) {
        var answer = patch(organizer, competition, "{\"capacity\":" + capacity + "}");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        var view = json(answer);
        return "%s of %s, %s waiting".formatted(view.get("registered"), view.get("capacity"), view.get("waitlisted"));
    }

    private void assertPromotedInOrder(int count) {
        assertThat(database.texts("""
                SELECT participant_id FROM registrations
                WHERE competition_id = ? AND status = 'confirmed' AND participant_id = ANY (?) ORDER BY place
                """, competition, waiting.toArray(UUID[]::new)))
                .containsExactlyElementsOf(
                        waiting.stream().limit(count).map(UUID::toString).toList());
    }

    private void assertSound() {
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
    }
}
