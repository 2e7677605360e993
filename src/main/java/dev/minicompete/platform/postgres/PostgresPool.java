package dev.minicompete.platform.postgres;

import dev.minicompete.platform.http.problem.Failures;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.future.PromiseInternal;
import io.vertx.pgclient.PgPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SqlClientBase;
import io.vertx.sqlclient.impl.SqlClientInternal;
import io.vertx.sqlclient.impl.command.CommandBase;
import io.vertx.sqlclient.impl.command.CommandScheduler;
import java.time.Duration;
import java.util.function.Function;

/**
 * A pool with a time limit for the wait for a connection. Work that has waited for longer fails and does not run; it keeps its
 * place in the queue until its turn. The limit of Vert.x 4.5 itself ({@code connectionTimeout}) has two faults: it loses a
 * connection that is assigned while the time runs out, and it fails each statement a second time, as an uncaught exception,
 * when a connection could not be made.
 */
// Quarkus expects this type.
@SuppressWarnings("deprecation")
final class PostgresPool extends SqlClientBase implements PgPool {

    private final VertxInternal vertx;
    private final Pool pool;
    private final Duration limit;

    /**
     * Wraps a pool.
     *
     * @param pool a pool that has no limit itself
     */
    PostgresPool(VertxInternal vertx, Pool pool, Duration limit) {
        super(((SqlClientInternal) pool).driver());
        this.vertx = vertx;
        this.pool = pool;
        this.limit = limit;
    }

    @Override
    public <R> Future<R> schedule(ContextInternal context, CommandBase<R> command) {
        return withConnection(connection -> ((CommandScheduler) connection).schedule(context, command));
    }

    @Override
    public Future<SqlConnection> getConnection() {
        Promise<SqlConnection> taken = context().promise();
        var timer = vertx.setTimer(limit.toMillis(), late -> taken.tryFail(Failures.timeout("PostgreSQL")));
        pool.getConnection()
                .onSuccess(connection -> {
                    if (!taken.tryComplete(connection)) {
                        connection.close();
                    }
                })
                .onFailure(taken::tryFail)
                .onComplete(done -> vertx.cancelTimer(timer));
        return taken.future();
    }

    @Override
    public void getConnection(Handler<AsyncResult<SqlConnection>> handler) {
        getConnection().onComplete(handler);
    }

    @Override
    public PgPool connectHandler(Handler<SqlConnection> handler) {
        pool.connectHandler(handler);
        return this;
    }

    @Override
    public PgPool connectionProvider(Function<Context, Future<SqlConnection>> provider) {
        pool.connectionProvider(provider);
        return this;
    }

    @Override
    public int size() {
        return pool.size();
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }

    @Override
    public void close(Handler<AsyncResult<Void>> handler) {
        pool.close(handler);
    }

    @Override
    protected ContextInternal context() {
        return vertx.getOrCreateContext();
    }

    @Override
    protected <T> PromiseInternal<T> promise() {
        return vertx.promise();
    }

    @Override
    protected <T> PromiseInternal<T> promise(Handler<AsyncResult<T>> handler) {
        return vertx.promise(handler);
    }
}
