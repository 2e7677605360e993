package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Requests;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transactions are READ COMMITTED, whatever the default of the role or the database is. */
class IsolationIT {

    private static final int PARTICIPANTS = 40;

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @Test
    void cancellationsAtOnceAllSucceedWhereSerializableIsTheDefault() throws Exception {
        assertCancellationsAllSucceed("serializable");
    }

    @Test
    @FullRun
    void cancellationsAtOnceAllSucceedWhereRepeatableReadIsTheDefault() throws Exception {
        assertCancellationsAllSucceed("repeatable read");
    }

    private static void assertCancellationsAllSucceed(String isolation) throws Exception {
        var database = cluster.database();
        database.execute(
                "ALTER DATABASE \"%s\" SET default_transaction_isolation = '%s'".formatted(database.name(), isolation));
        var process = cluster.start(Map.of());
        var competition = database.createCompetition(
                database.createOrganizer(), Map.of("capacity", PARTICIPANTS / 2, "waitlist", true));
        var participants = database.createParticipants(PARTICIPANTS);
        var registrations = participants.stream()
                .map(participant -> Http.register(
                                process.api(),
                                competition,
                                cluster.tokens().participant(participant),
                                UUID.randomUUID().toString())
                        .id())
                .toList();
        var cancellations = participants.stream()
                .map(participant -> (Callable<Integer>) () -> Http.delete(
                                process.api()
                                        .resolve("/api/registrations/"
                                                + registrations.get(participants.indexOf(participant))),
                                cluster.tokens().participant(participant))
                        .status())
                .toList();
        assertThat(Requests.concurrently(16, cancellations)).containsOnly(204);
        cluster.assertDrainedAndSound(competition);
    }
}
