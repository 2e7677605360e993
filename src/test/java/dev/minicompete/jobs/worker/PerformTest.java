package dev.minicompete.jobs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Jobs with an effect outside of PostgreSQL. */
@QuarkusTest
class PerformTest {

    @Inject
    OutsideHandler handler;

    @Inject
    JobQueue queue;

    @Test
    void transactionThatFailsIsRepeatedWithoutTheEffect() {
        var database = TestServers.database();
        var job = UuidCreator.getTimeOrderedEpoch();
        database.execute("INSERT INTO outbox (id, kind) VALUES (?, ?)", job, OutsideHandler.KIND);
        queue.push(List.of(job)).await().atMost(Duration.ofSeconds(5));

        new Oracle(database).awaitDrained(Duration.ofSeconds(30));

        assertThat(handler.performed).hasValue(1);
        assertThat(handler.handled).hasValue(3);
        assertThat(database.count("SELECT count(*) FROM failed_jobs WHERE id = ?", job))
                .isZero();
    }

    /** Its transaction succeeds the third time. */
    @Singleton
    static class OutsideHandler implements JobHandler {

        static final String KIND = "test:outside";

        final AtomicInteger performed = new AtomicInteger();
        final AtomicInteger handled = new AtomicInteger();

        @Override
        public Set<String> kinds() {
            return Set.of(KIND);
        }

        @Override
        public boolean requiresOwnTransaction() {
            return true;
        }

        @Override
        public Duration performLimit() {
            return Duration.ofSeconds(10);
        }

        @Override
        public Uni<Void> perform(Job job) {
            performed.incrementAndGet();
            return Uni.createFrom().voidItem();
        }

        @Override
        public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
            return handled.incrementAndGet() < 3
                    ? Uni.createFrom().failure(new IOException("The connection is lost"))
                    : Uni.createFrom().item(List.of());
        }
    }
}
