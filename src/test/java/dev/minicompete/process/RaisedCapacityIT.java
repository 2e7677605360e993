package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The capacity is raised over 100,000 waiting participants, and the process that promotes them dies. */
@FullRun
class RaisedCapacityIT {

    private static final int WAITING = 100_000;
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @Test
    void everySeatIsGivenInOrder() {
        var database = cluster.database();
        var organizer = database.createOrganizer();
        var competition = database.createCompetition(organizer, Map.of("capacity", 1, "waitlist", true));
        database.createConfirmed(competition, database.createParticipants(1));
        var waiting = database.createParticipants(WAITING);
        database.createWaitlisted(competition, waiting);
        var victim = cluster.start(Cluster.SHORT_LIMITS);

        var raised = Http.patch(
                victim.api().resolve("/api/competitions/" + competition),
                cluster.tokens().organizer(organizer),
                "{\"capacity\":" + (WAITING + 1) + "}");
        assertThat(raised.status()).as(raised.body()).isEqualTo(200);
        assertThat(raised.took()).isLessThan(ANSWER);

        var registered = "SELECT registered FROM competitions WHERE id = ?";
        var first = database.count(registered, competition);
        assertThat(first).isBetween(2L, (long) WAITING);
        await("the job").atMost(PATIENCE).until(() -> database.count(registered, competition) > first);
        var late = cluster.register(victim, competition);
        assertThat(late.json().get("status").asText()).as(late.body()).isEqualTo("waitlisted");
        victim.kill();
        assertThat(database.count(registered, competition)).isLessThan(WAITING);
        new Oracle(database, competition).assertSeatsAreCountedAndNotOversold();
        new Oracle(database, competition).assertWaitlistKeepsItsOrder();

        cluster.start(Cluster.SHORT_LIMITS);
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
        assertThat(database.text("SELECT registered || ' ' || waitlisted FROM competitions WHERE id = ?", competition))
                .isEqualTo((WAITING + 1) + " 1");
    }
}
