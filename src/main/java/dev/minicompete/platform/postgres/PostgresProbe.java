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
 * Checks that a server responds before the pool connects to it. The PostgreSQL client has no time limit for the server's first message, and
 * each connection that waits for it takes a place in the pool. The probe sends an SSLRequest, to which every server and pooler responds
 * with one byte.
 */
final class PostgresProbe {

    private final Vertx vertx;
    private final NetClient client;
    private final PgConnectOptions server;
    private final Duration timeout;

    PostgresProbe(Vertx vertx, PgConnectOptions server, Duration timeout) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) timeout.toMillis()));
        this.server = server;
        this.timeout = timeout;
    }

    /** Whether the server offers TLS; fails when it does not respond in time. */
    Future<Boolean> run() {
        return client.connect(server.getSocketAddress()).compose(this::ask);
    }

    private Future<Boolean> ask(NetSocket socket) {
        Promise<Boolean> responded = Promise.promise();
        var timer = vertx.setTimer(timeout.toMillis(), late -> responded.tryFail(Failures.timeout("PostgreSQL")));
        socket.handler(response -> responded.tryComplete(response.getByte(0) == 'S'))
                .exceptionHandler(responded::tryFail)
                .closeHandler(closed -> responded.tryFail(Failures.timeout("PostgreSQL")))
                .write(sslRequest());
        return responded.future().eventually(() -> {
            vertx.cancelTimer(timer);
            return socket.close();
        });
    }

    /** Not a constant, since a native image cannot hold a buffer of Netty. */
    private static Buffer sslRequest() {
        return Buffer.buffer().appendInt(8).appendInt(80_877_103);
    }
}
