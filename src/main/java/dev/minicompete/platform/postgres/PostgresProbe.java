package dev.minicompete.platform.postgres;

import dev.minicompete.platform.http.problem.Failures;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;

/**
 * Asks whether anybody answers before a connection is made: the client waits for a greeting without any limit, and each that
 * does takes a place in the pool. The question is PostgreSQL's SSLRequest, which has an answer of one byte from every server
 * and pooler.
 */
final class PostgresProbe {

    private final Vertx vertx;
    private final NetClient client;
    private final PgConnectOptions server;
    private final Duration patience;

    PostgresProbe(Vertx vertx, PgConnectOptions server, Duration patience) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) patience.toMillis()));
        this.server = server;
        this.patience = patience;
    }

    /** Fails when nobody answers in time. */
    Future<Void> answered() {
        return client.connect(server.getSocketAddress()).compose(this::ask);
    }

    private Future<Void> ask(NetSocket socket) {
        Promise<Void> answered = Promise.promise();
        var timer = vertx.setTimer(patience.toMillis(), late -> answered.tryFail(Failures.timeout("PostgreSQL")));
        socket.handler(answer -> answered.tryComplete())
                .exceptionHandler(answered::tryFail)
                .closeHandler(closed -> answered.tryFail(Failures.timeout("PostgreSQL")))
                .write(sslRequest());
        return answered.future().eventually(() -> {
            vertx.cancelTimer(timer);
            return socket.close();
        });
    }

    /** No constant: Netty's buffers are initialized at run time, so a native image cannot hold one. */
    private static Buffer sslRequest() {
        return Buffer.buffer().appendInt(8).appendInt(80_877_103);
    }
}
