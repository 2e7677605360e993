package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs with a transaction each. */
@QuarkusTest
class OneByOneTest {

    private static final int JOBS = 14;

    @Inject
    SlowHandler handler;

    @Inject
    JobQueue queue;

    /** A claim that was given up and taken again would be two updates, or more. */
    @Test
    void eachJobIsTriedAloneAndClaimedOnce() {
        var database = TestServers.database();
        database.execute("CREATE SEQUENCE updates");
        database.execute("""
                CREATE FUNCTION count_update() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM nextval(''updates''); RETURN NEW; END'
                """);
        database.execute("CREATE TRIGGER updates BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION count_update()");
        try {
            assertEachIsTriedAlone(database);
            assertThat(database.count("SELECT last_value FROM updates")).isEqualTo(JOBS);
        } finally {
            database.execute("DROP TRIGGER updates ON outbox");
            database.execute("DROP FUNCTION count_update");
            database.execute("DROP SEQUENCE updates");
        }
    }

    private void assertEachIsTriedAlone(TestDatabase database) {
        var jobs = IntStream.range(0, JOBS)
                .mapToObj(i -> UuidCreator.getTimeOrderedEpoch())
                .toList();
        database.execute(
                "INSERT INTO outbox (id, kind) SELECT id, ? FROM unnest(?) AS j (id)",
                SlowHandler.KIND,
                jobs.toArray(UUID[]::new));
        queue.push(jobs).await().atMost(Duration.ofSeconds(5));

        new Oracle(database).awaitDrained(Duration.ofSeconds(60));

        assertThat(handler.handled).hasSize(JOBS).allMatch(batch -> batch.size() == 1);
        Map<UUID, Integer> attempts =
                handler.handled.stream().map(batch -> batch.get(0)).collect(Collectors.toMap(Job::id, Job::attempts));
        assertThat(attempts.keySet()).containsExactlyInAnyOrderElementsOf(jobs);
        assertThat(attempts.values()).containsOnly(1);
    }

    /** Takes a second for each job. */
    @Singleton
    static class SlowHandler implements JobHandler {

        static final String KIND = "test:slow";

        final ConcurrentLinkedQueue<List<Job>> handled = new ConcurrentLinkedQueue<>();

        @Override
        public Set<String> kinds() {
            return Set.of(KIND);
        }

        @Override
        public boolean requiresOwnTransaction() {
            return true;
        }

        @Override
        public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
            handled.add(jobs);
            return Uni.createFrom().item(List.<UUID>of()).onItem().delayIt().by(Duration.ofSeconds(1));
        }
    }
}
