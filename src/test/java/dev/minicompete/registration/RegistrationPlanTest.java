package dev.minicompete.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.registration.RegistrationBatchRepository.Entry;
import dev.minicompete.testing.TestServers;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrationPlanTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** By default PostgreSQL plans a batch of one anew each time, since it expects fewer rows when it knows the values. */
    @Test
    void singleRegistrationsReuseTheQueryPlan() {
        var database = TestServers.database().scratch();
        var competition = database.createCompetition(10);
        var repeated = 10;
        var vertx = Vertx.vertx();
        try {
            var pool = PgBuilder.pool()
                    .with(new PoolOptions().setMaxSize(1))
                    .connectingTo(new PgConnectOptions()
                            .setHost(database.host())
                            .setPort(database.port())
                            .setDatabase(database.name())
                            .setUser("minicompete")
                            .setPassword("minicompete")
                            .setCachePreparedStatements(true)
                            .setPreparedStatementCacheSqlFilter(sql -> true))
                    .using(vertx)
                    .build();
            var repository = new RegistrationBatchRepository(pool, RegistrationBatchRepository.LOCK);
            for (var participant : database.createParticipants(repeated)) {
                var command = new RegisterCommand(competition, participant, new IdempotencyKey("key"), null);
                repository
                        .register(List.of(Entry.of(command, null)), true)
                        .await()
                        .atMost(PATIENCE);
            }
            var plans = pool.query("""
                            SELECT generic_plans, custom_plans FROM pg_prepared_statements
                            WHERE statement LIKE '%INSERT INTO registrations%'
                            """)
                    .execute()
                    .await()
                    .atMost(PATIENCE)
                    .iterator()
                    .next();
            assertThat(plans.getLong("custom_plans")).isZero();
            assertThat(plans.getLong("generic_plans")).isEqualTo(repeated);
        } finally {
            vertx.closeAndAwait();
        }
    }
}
