package dev.minicompete.registration;

import static dev.minicompete.testing.Requests.cancel;
import static dev.minicompete.testing.Requests.patch;
import static dev.minicompete.testing.Requests.register;
import static dev.minicompete.testing.Requests.show;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Promotion and positions on the waitlist. */
@QuarkusTest
class WaitlistTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final List<TestUser> people = TestUser.participants(5);

    /** One seat; the other participants are on the waitlist. */
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("capacity", 1, "waitlist", true));

    private List<UUID> registrations;

    @BeforeEach
    void registerAll() {
        registrations = people.stream().map(one -> register(one, competition)).toList();
    }

    @Test
    void participantsWithoutASeatAreWaitlistedInOrder() {
        assertStates("confirmed null", "waitlisted 1", "waitlisted 2", "waitlisted 3", "waitlisted 4");
        assertSound();
    }

    @Test
    void freedSeatGoesToTheFirstOnTheWaitlist() {
        assertThat(cancel(people.get(0), registrations.get(0)).statusCode()).isEqualTo(204);
        assertStates("cancelled null", "confirmed null", "waitlisted 1", "waitlisted 2", "waitlisted 3");
        assertSound();
        assertThat(mailsTo(1)).containsExactlyInAnyOrder("waitlisted", "promoted");
        assertThat(mailsTo(2)).containsExactly("waitlisted");
    }

    @Test
    void leavingTheWaitlistMovesUpOnlyThoseBehind() {
        assertThat(cancel(people.get(2), registrations.get(2)).statusCode()).isEqualTo(204);
        assertStates("confirmed null", "waitlisted 1", "cancelled null", "waitlisted 2", "waitlisted 3");
        assertSound();
        assertThat(mailsTo(3)).containsExactly("waitlisted");
    }

    @Test
    void allListsShowTheCurrentPosition() {
        cancel(people.get(1), registrations.get(1));
        assertThat(people.get(4).get("/api/registrations").jsonPath().getList("items.waitlistPosition", Integer.class))
                .containsExactly(3);
        var list = organizer
                .get("/api/competitions/{id}/registrations", competition)
                .jsonPath();
        assertThat(list.getList("items.waitlistPosition", Integer.class)).containsExactly(null, null, 1, 2, 3);
        var tail = organizer
                .get("/api/competitions/{id}/registrations?status=waitlisted&limit=2", competition)
                .jsonPath();
        assertThat(tail.getList("items.waitlistPosition", Integer.class)).containsExactly(1, 2);
        var rest = organizer
                .get(
                        "/api/competitions/{id}/registrations?status=waitlisted&limit=2&cursor={cursor}",
                        competition,
                        tail.getString("nextCursor"))
                .jsonPath();
        assertThat(rest.getList("items.waitlistPosition", Integer.class)).containsExactly(3);
    }

    @Test
    void participantWhoLeavesAndReturnsIsLast() {
        cancel(people.get(1), registrations.get(1));
        var again = register(people.get(1), competition);
        assertThat(again).isNotEqualTo(registrations.get(1));
        assertThat(show(people.get(1), again).jsonPath().getInt("waitlistPosition"))
                .isEqualTo(4);
        cancel(people.get(0), registrations.get(0));
        assertThat(show(people.get(2), registrations.get(2)).jsonPath().getString("status"))
                .isEqualTo("confirmed");
        assertSound();
    }

    @Test
    void promotedParticipantWhoCancelsPassesTheSeatOn() {
        cancel(people.get(0), registrations.get(0));
        cancel(people.get(1), registrations.get(1));
        assertStates("cancelled null", "cancelled null", "confirmed null", "waitlisted 1", "waitlisted 2");
        assertSound();
        assertThat(mailsTo(1)).containsExactlyInAnyOrder("waitlisted", "promoted", "cancellation");
    }

    @Test
    void addedSeatsGoToTheFirstOnTheWaitlist() {
        var answer = patch(organizer, competition, "{\"capacity\":3}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getInt("registered")).isEqualTo(3);
        assertThat(answer.jsonPath().getInt("waitlisted")).isEqualTo(2);
        assertStates("confirmed null", "confirmed null", "confirmed null", "waitlisted 1", "waitlisted 2");
        assertSound();
    }

    @Test
    void moreAddedSeatsThanWaitingLeavesSomeFree() {
        var answer = patch(organizer, competition, "{\"capacity\":8}").jsonPath();
        assertThat(answer.getInt("seatsLeft")).isEqualTo(3);
        assertThat(answer.getInt("waitlisted")).isZero();
        assertThat(answer.getString("status")).isEqualTo("open");
        assertSound();
    }

    @Test
    void promotionContinuesAfterTheDeadline() {
        database.execute("UPDATE competitions SET reg_deadline = now() - interval '1 s' WHERE id = ?", competition);
        cancel(people.get(0), registrations.get(0));
        assertThat(states().get(1)).isEqualTo("confirmed null");
        assertSound();
    }

    @Test
    void noPromotionAfterTheStart() {
        moveStart("now() - interval '1 s'");
        assertThat(patch(organizer, competition, "{\"capacity\":3}").statusCode())
                .isEqualTo(200);
        assertThat(states().get(1)).isEqualTo("waitlisted 1");
        assertSound();
    }

    @Test
    void movingTheStartIntoTheFuturePromotes() {
        moveStart("now() - interval '1 s'");
        patch(organizer, competition, "{\"capacity\":3}");
        var answer = patch(organizer, competition, "{\"startsAt\":\"2099-01-01T00:00:00Z\"}");
        assertThat(answer.jsonPath().getInt("registered")).isEqualTo(3);
        assertStates("confirmed null", "confirmed null", "confirmed null", "waitlisted 1", "waitlisted 2");
        assertSound();
    }

    @Test
    void noPromotionOnceTheCompetitionIsCancelled() {
        organizer.request().post("/api/competitions/{id}/cancel", competition);
        assertThat(cancel(people.get(0), registrations.get(0)).statusCode()).isEqualTo(204);
        assertThat(states().get(1)).isEqualTo("waitlisted 1");
        assertSound();
    }

    private void moveStart(String start) {
        database.execute(
                "UPDATE competitions SET reg_deadline = " + start + ", starts_at = " + start + " WHERE id = ?",
                competition);
    }

    private void assertStates(String... states) {
        assertThat(states()).containsExactly(states);
    }

    private List<String> states() {
        return registrations.stream()
                .map(id -> show(people.get(registrations.indexOf(id)), id).jsonPath())
                .map(seen -> seen.getString("status") + " " + seen.get("waitlistPosition"))
                .toList();
    }

    private List<String> mailsTo(int person) {
        return database.texts(
                "SELECT kind FROM mailbox WHERE user_id = ?", people.get(person).id());
    }

    private void assertSound() {
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
    }
}
