package dev.minicompete.platform.postgres;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.Failures;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a user of the pool gets while PostgreSQL accepts no connection. */
class PostgresPoolCreatorTest {

    private static final Duration CONNECTION_TIMEOUT = Duration.ofMillis(200);

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();

    private Pool pool;

    /** The ways to use the pool. */
    enum Use {
        QUERY(pool -> pool.query("SELECT 1").execute()),
        PREPARED_QUERY(pool -> pool.preparedQuery("SELECT 1").execute()),
        CONNECTION(Pool::getConnection),
        TRANSACTION(pool -> pool.withTransaction(
                transaction -> transaction.query("SELECT 1").execute()));

        private final Function<Pool, Future<?>> function;

        Use(Function<Pool, Future<?>> function) {
            this.function = function;
        }
    }

    @BeforeEach
    void createPool() throws IOException {
        vertx.exceptionHandler(uncaught::add);
        pool = new PostgresPoolCreator(new Config()).create(new Input(vertx, closedPort()));
    }

    @AfterEach
    void close() throws Exception {
        pool.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Use.class)
    void refusedConnectionFailsOnce(Use use) throws Exception {
        for (var request = 0; request < 10; request++) {
            var result = use.function.apply(pool).toCompletionStage().toCompletableFuture();
            assertThatThrownBy(() -> result.get(10, SECONDS))
                    .satisfies(failure ->
                            assertThat(Failures.isAway(failure.getCause())).isTrue());
        }

        // By then the timer of each request has fired, unless it was cancelled.
        vertx.timer(CONNECTION_TIMEOUT.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, SECONDS);
        assertThat(uncaught).isEmpty();
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private record Input(Vertx vertx, int port) implements PgPoolCreator.Input {

        @Override
        public PoolOptions poolOptions() {
            return new PoolOptions();
        }

        @Override
        public List<PgConnectOptions> pgConnectOptionsList() {
            return List.of(new PgConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(port)
                    .setUser("nobody")
                    .setPassword("none"));
        }
    }

    private static final class Config implements DatabaseConfig {

        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public Pooler pooler() {
            return Pooler.NONE;
        }

        @Override
        public Optional<Boolean> preparedStatements() {
            return Optional.empty();
        }

        @Override
        public PostgresTls.Mode sslMode() {
            return PostgresTls.Mode.PREFER;
        }

        @Override
        public Optional<String> sslRootCert() {
            return Optional.empty();
        }

        @Override
        public Duration connectionTimeout() {
            return CONNECTION_TIMEOUT;
        }

        @Override
        public int waiting() {
            return 100;
        }
    }
}
