package dev.minicompete.platform.redis;

import dev.minicompete.platform.vertx.EndOfTurn;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Sends commands to Redis in batches. A batch has the commands of one turn of the event loop, or those that came while the batch before was
 * in flight. No timer delays a command that comes alone.
 *
 * <p>It is also a circuit breaker (Nygard, Release It!, 2007): when Redis does not respond in time, all pending commands fail, and further
 * commands fail at once until Redis responds to a probe. So an outage costs the timeout only once.
 */
public final class RedisPipeline {

    private static final Logger LOG = Logger.getLogger(RedisPipeline.class);

    private static final int BATCH = 256;
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);

    private final Vertx vertx;
    private final Redis redis;
    private final boolean cluster;
    private final Duration timeout;

    private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean open = new AtomicBoolean();

    private record Pending(Request command, Promise<Response> reply) {}

    /**
     * A pipeline.
     *
     * @param cluster whether the commands of a batch may belong to several nodes; they are then sent one by one
     * @param timeout how long a reply may take
     */
    public RedisPipeline(Vertx vertx, Redis redis, boolean cluster, Duration timeout) {
        this.vertx = vertx;
        this.redis = redis;
        this.cluster = cluster;
        this.timeout = timeout;
    }

    /** The reply, on the caller's context; fails within the timeout when Redis does not respond, and at once while the circuit is open. */
    public Future<Response> send(Request command) {
        var context = (ContextInternal) vertx.getOrCreateContext();
        var reply = context.<Response>promise();
        if (open.get()) {
            reply.fail(timeout());
            return reply.future();
        }
        queue.add(new Pending(command, reply));
        if (busy.compareAndSet(false, true)) {
            EndOfTurn.atEndOf(context, this::sendNext);
        }
        return reply.future();
    }

    private void sendNext() {
        var batch = nextBatch();
        if (!batch.isEmpty()) {
            send(batch);
            return;
        }
        busy.set(false);
        // A command may have come between the last poll and the reset of the flag.
        if (!queue.isEmpty() && busy.compareAndSet(false, true)) {
            sendNext();
        }
    }

    private List<Pending> nextBatch() {
        var batch = new ArrayList<Pending>();
        for (Pending next; batch.size() < BATCH && (next = queue.poll()) != null; ) {
            batch.add(next);
        }
        return batch;
    }

    private void send(List<Pending> batch) {
        var timer = vertx.setTimer(timeout.toMillis(), over -> {
            openCircuit(timeout());
            batch.forEach(one -> one.reply.fail(timeout()));
            sendNext();
        });
        transmit(commands(batch)).onComplete(replies -> {
            // Otherwise the timeout has failed the batch.
            if (vertx.cancelTimer(timer)) {
                complete(batch, replies);
                sendNext();
            }
        });
    }

    private static List<Request> commands(List<Pending> batch) {
        var commands = new ArrayList<Request>(batch.size());
        for (var one : batch) {
            commands.add(one.command);
        }
        return commands;
    }

    /** The replies in order, or the commands' common failure. */
    private Future<List<Future<Response>>> transmit(List<Request> commands) {
        if (cluster) {
            var replies = commands.stream().map(redis::send).toList();
            return Future.join(replies).transform(joined -> Future.succeededFuture(replies));
        }
        return redis.batch(commands).map(replies -> {
            var all = new ArrayList<Future<Response>>(replies.size());
            for (var reply : replies) {
                all.add(Future.succeededFuture(reply));
            }
            return all;
        });
    }

    private void complete(List<Pending> batch, AsyncResult<List<Future<Response>>> replies) {
        if (replies.failed()) {
            var failure = replies.cause();
            if (!RedisRefusal.isErrorReply(failure)) {
                openCircuit(failure);
            }
            batch.forEach(one -> one.reply.fail(failure));
            return;
        }
        for (var i = 0; i < batch.size(); i++) {
            replies.result().get(i).onComplete(batch.get(i).reply);
        }
    }

    private void openCircuit(Throwable cause) {
        if (open.compareAndSet(false, true)) {
            LOG.warnf("Redis does not respond; requests go on without it: %s", cause);
            probeLater();
        }
        for (Pending next; (next = queue.poll()) != null; ) {
            next.reply.fail(timeout());
        }
    }

    private void probeLater() {
        vertx.setTimer(PROBE_INTERVAL.toMillis(), now -> {
            var timer = vertx.setTimer(timeout.toMillis(), over -> probeLater());
            redis.send(Request.cmd(Command.PING)).onComplete(pong -> {
                if (!vertx.cancelTimer(timer)) {
                    return;
                }
                if (pong.succeeded()) {
                    LOG.info("Redis responds again");
                    open.set(false);
                } else {
                    probeLater();
                }
            });
        });
    }

    private static TimeoutException timeout() {
        return new TimeoutException("Redis does not answer");
    }
}
