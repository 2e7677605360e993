package dev.minicompete.platform.postgres;

import static io.netty.handler.flush.FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.impl.VertxInternal;
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
 * Creates the pool of connections to PostgreSQL. A connection whose packets are lost is closed in time, and connections may lead
 * through a pooler that assigns a server connection to each transaction.
 */
@Singleton
class PostgresPoolCreator implements PgPoolCreator {

    private static final Logger LOG = Logger.getLogger(PostgresPoolCreator.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** More than PostgreSQL's own limit for a statement: a connection that is silent for longer is lost. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    /** The start-up parameters that PgBouncer accepts by default. It rejects connections with any other. */
    private static final Set<String> PGBOUNCER_PARAMETERS = Set.of("application_name", "client_encoding", "DateStyle");

    private static final String MISSING_TIME_LIMITS = """
            SELECT string_agg(name, ', ' ORDER BY name) FROM pg_settings
            WHERE setting = '0'
                AND name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
            """;

    private final DatabaseConfig config;

    PostgresPoolCreator(DatabaseConfig config) {
        this.config = config;
    }

    @Override
    public Pool create(Input input) {
        var options = input.pgConnectOptionsList().get(0);
        adapt(options);
        var tls = new PostgresTls(config.sslMode(), config.sslRootCert());
        var plain = tls.options(options, false);
        var encrypted = tls.options(options, true);
        var probe = new PostgresProbe(input.vertx(), options, CONNECT_TIMEOUT);
        var pool = PgBuilder.pool()
                .with(input.poolOptions().setMaxWaitQueueSize(config.waiting()).setConnectionTimeout(0))
                .connectingTo(() -> probe.run().map(offered -> (SqlConnectOptions) (offered ? encrypted : plain)))
                .withConnectHandler(connection -> {
                    // Statements that do not wait for one another go out with one write.
                    pipeline(connection)
                            .addFirst(new ResponseTimeoutHandler(RESPONSE_TIMEOUT))
                            .addFirst(new FlushConsolidationHandler(DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
                    connection.close();
                })
                .using(input.vertx())
                .build();
        return new PostgresPool((VertxInternal) input.vertx(), pool, config.connectionTimeout());
    }

    private static ChannelPipeline pipeline(SqlConnection connection) {
        var socket = (SocketConnectionBase)
                ((SqlConnectionInternal) connection).unwrap().unwrap();
        return socket.socket().channelHandlerContext().pipeline();
    }

    private void adapt(PgConnectOptions options) {
        options.setDatabase(config.name());
        options.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        options.setCachePreparedStatements(config.preparesStatements());
        // By default a statement of more than 2,048 characters is parsed and planned each time, and the longest
        // statements run
        // most often.
        options.setPreparedStatementCacheSqlFilter(sql -> true);
        // An unnamed statement must not rely on messages that another server connection got.
        options.setUseLayer7Proxy(!config.preparesStatements());
        if (config.pooler() == DatabaseConfig.Pooler.TRANSACTION) {
            options.getProperties().keySet().retainAll(PGBOUNCER_PARAMETERS);
        }
    }

    /** The time limits cannot be set through a pooler, so the role must have them. */
    void warnAboutMissingTimeLimits(@Observes StartupEvent started, Pool pool) {
        if (config.pooler() == DatabaseConfig.Pooler.TRANSACTION) {
            pool.query(MISSING_TIME_LIMITS).execute().onSuccess(rows -> {
                var missing = rows.iterator().next().getString(0);
                if (missing != null) {
                    LOG.warnf("Behind a pooler the role needs time limits of its own, see README.md: %s", missing);
                }
            });
        }
    }
}
