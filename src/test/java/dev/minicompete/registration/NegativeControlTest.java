package dev.minicompete.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.registration.RegistrationBatchRepository.Entry;
import dev.minicompete.testing.Latch;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Shows that the other tests can fail: without the lock and the constraint, concurrent batches oversell and the oracle detects
 * it; with the lock alone they do not.
 */
class NegativeControlTest {

    private static final String NO_LOCK = "SELECT id FROM competitions WHERE id = ANY ($1) ORDER BY id";

    private static final int SEATS = 10;
    private static final int BATCHES = 8;

    private static TestDatabase database;
    private static Vertx vertx;
    private static Pool pool;

    @BeforeAll
    static void createDatabaseWithoutConstraint() {
        database = TestServers.database().scratch();
        database.execute("ALTER TABLE competitions DROP CONSTRAINT competitions_no_oversell");
        vertx = Vertx.vertx();
        pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(BATCHES))
                .connectingTo(new PgConnectOptions()
                        .setHost(database.host())
                        .setPort(database.port())
                        .setDatabase(database.name())
                        .setUser("minicompete")
                        .setPassword("minicompete"))
                .using(vertx)
                .build();
    }

    @AfterAll
    static void stop() {
        pool.closeAndAwait();
        vertx.closeAndAwait();
    }

    @Test
    void withoutTheLockConcurrentBatchesOversell() {
        var competition = runConcurrently(new RegistrationBatchRepository(pool, NO_LOCK));
        assertThat(confirmed(competition)).isGreaterThan(SEATS);
        assertThatThrownBy(new Oracle(database, competition)::assertSeatsAreCountedAndNotOversold)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("capacity " + SEATS);
    }

    @Test
    void withTheLockConcurrentBatchesDoNotOversell() {
        var competition = runConcurrently(new RegistrationBatchRepository(pool, RegistrationBatchRepository.LOCK));
        assertThat(confirmed(competition)).isEqualTo(SEATS);
        new Oracle(database, competition).assertSeatsAreCountedAndNotOversold();
    }

    /** Runs batches that each want all seats; none gets past its first write before the last has begun. */
    private static UUID runConcurrently(RegistrationBatchRepository repository) {
        var competition = database.createCompetition(SEATS);
        var participants = database.createParticipants(SEATS * BATCHES);
        try (var gate = Latch.before("INSERT", "registrations", database)) {
            var batches = IntStream.range(0, BATCHES)
                    .mapToObj(i -> repository.register(
                            entries(competition, participants.subList(i * SEATS, (i + 1) * SEATS)), true))
                    .toList();
            var done = Uni.join().all(batches).andCollectFailures().subscribeAsCompletionStage();
            gate.awaitHeldUp(BATCHES);
            gate.open();
            done.orTimeout(30, TimeUnit.SECONDS).join();
        }
        return competition;
    }

    private static List<Entry> entries(UUID competition, List<UUID> participants) {
        return participants.stream()
                .map(participant ->
                        Entry.of(new RegisterCommand(competition, participant, new IdempotencyKey("key"), null), null))
                .toList();
    }

    private static long confirmed(UUID competition) {
        return database.count(
                "SELECT count(*) FROM registrations WHERE competition_id = ? AND status = 'confirmed'", competition);
    }
}
