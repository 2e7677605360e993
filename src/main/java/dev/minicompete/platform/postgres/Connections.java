package dev.minicompete.platform.postgres;

import static io.netty.handler.flush.FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.runtime.StartupEvent;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes the connections to PostgreSQL such that one whose packets vanish is given up in time, and such that they may lead
 * through a pooler that gives each transaction another server connection.
 */
@Singleton
class Connections implements PgPoolCreator {

    private static final Logger LOG = Logger.getLogger(Connections.class);

    private static final Duration GREETING = Duration.ofSeconds(2);

    /** PostgreSQL ends each statement before, so that whoever is silent for so long is not there any more. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /** What PgBouncer takes without being told to: anything else at the start of a connection it refuses. */
    private static final Set<String> KNOWN_TO_POOLERS = Set.of("application_name", "client_encoding", "DateStyle");

    private static final String MISSING = """
            SELECT string_agg(name, ', ' ORDER BY name) FROM pg_settings
            WHERE setting = '0'
                AND name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
            """;

    private final DatabaseConfig config;

    Connections(DatabaseConfig config) {
        this.config = config;
    }

    @Override
    public Pool create(Input input) {
        var options = input.pgConnectOptionsList().get(0);
        adapt(options);
        var knock = new PostgresProbe(input.vertx(), options, GREETING);
        return PgBuilder.pool()
                .with(input.poolOptions())
                .connectingTo(() -> knock.answered().map((SqlConnectOptions) options))
                .withConnectHandler(connection -> {
                    // Statements that do not wait for one another go out with one write.
                    pipeline(connection)
                            .addFirst(new ResponseTimeoutHandler(SILENCE))
                            .addFirst(new FlushConsolidationHandler(DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
                    connection.close();
                })
                .using(input.vertx())
                .build();
    }

    private static ChannelPipeline pipeline(SqlConnection connection) {
        var socket = (SocketConnectionBase)
                ((SqlConnectionInternal) connection).unwrap().unwrap();
        return socket.socket().channelHandlerContext().pipeline();
    }

    private void adapt(PgConnectOptions options) {
        options.setConnectTimeout((int) GREETING.toMillis());
        options.setCachePreparedStatements(config.preparesStatements());
        // By default a statement of more than 2,048 characters is parsed and planned each time, and the longest are the
        // hottest.
        options.setPreparedStatementCacheSqlFilter(sql -> true);
        // Without a name of its own, a statement must not rely on what was said before it on the connection.
        options.setUseLayer7Proxy(!config.preparesStatements());
        if (config.pooler() == DatabaseConfig.Pooler.TRANSACTION) {
            options.getProperties().keySet().retainAll(KNOWN_TO_POOLERS);
        }
    }

    /** The time limits cannot be set through a pooler, so they have to be the role's own. */
    void remind(@Observes StartupEvent started, Pool pool) {
        if (config.pooler() == DatabaseConfig.Pooler.TRANSACTION) {
            pool.query(MISSING).execute().onSuccess(rows -> {
                var missing = rows.iterator().next().getString(0);
                if (missing != null) {
                    LOG.warnf("Behind a pooler the role needs time limits of its own, see README.md: %s", missing);
                }
            });
        }
    }
}
