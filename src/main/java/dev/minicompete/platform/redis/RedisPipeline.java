package dev.minicompete.platform.redis;

import dev.minicompete.platform.vertx.EventLoopTurn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Sends commands in batches that form by themselves: those of one turn of the event loop, and while a batch is on its way
 * those that arrive, go out with one write. There is no timer: alone, a command goes at once.
 *
 * <p>It is a circuit breaker, too (Nygard, Release It!, 2007): when Redis does not answer in time, whoever waits is told,
 * and from then on everybody is told at once, until Redis answers a probe. So a Redis that stands still costs its time limit once.
 */
public final class RedisPipeline {

    private static final Logger LOG = Logger.getLogger(RedisPipeline.class);

    private static final int BATCH = 256;
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(250);

    private final Vertx vertx;
    private final Redis redis;
    private final boolean cluster;
    private final Duration timeout;

    private final Queue<Waiting> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();

    private record Waiting(Request command, Promise<Response> reply) {}

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

    /** The reply, on the caller's context; fails when Redis is away, within the timeout or at once. */
    public Future<Response> send(Request command) {
        var context = (ContextInternal) vertx.getOrCreateContext();
        var reply = context.<Response>promise();
        if (broken.get()) {
            reply.fail(away());
            return reply.future();
        }
        arrived.add(new Waiting(command, reply));
        if (busy.compareAndSet(false, true)) {
            EventLoopTurn.atEndOf(context, this::sendNext);
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
        // Somebody may have arrived after the look and before the flag fell.
        if (!arrived.isEmpty() && busy.compareAndSet(false, true)) {
            sendNext();
        }
    }

    private List<Waiting> nextBatch() {
        var batch = new ArrayList<Waiting>();
        for (Waiting next; batch.size() < BATCH && (next = arrived.poll()) != null; ) {
            batch.add(next);
        }
        return batch;
    }

    private void send(List<Waiting> batch) {
        var timer = vertx.setTimer(timeout.toMillis(), over -> {
            breakCircuit(away());
            refuse(batch);
            sendNext();
        });
        transmit(commands(batch)).onComplete(replies -> {
            // Otherwise the time was over, and everybody has been told.
            if (vertx.cancelTimer(timer)) {
                settle(batch, replies.succeeded() ? replies.result() : null, replies.cause());
                sendNext();
            }
        });
    }

    private static List<Request> commands(List<Waiting> batch) {
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

    private void settle(List<Waiting> batch, List<Future<Response>> replies, Throwable failure) {
        if (failure != null) {
            if (!(failure instanceof ErrorType)) {
                breakCircuit(failure);
            }
            batch.forEach(one -> one.reply.fail(failure));
            return;
        }
        for (var i = 0; i < batch.size(); i++) {
            replies.get(i).onComplete(batch.get(i).reply);
        }
    }

    private void breakCircuit(Throwable cause) {
        if (broken.compareAndSet(false, true)) {
            LOG.warnf("Redis is away; requests go on without it: %s", cause);
            probeLater();
        }
        for (Waiting next; (next = arrived.poll()) != null; ) {
            next.reply.fail(away());
        }
    }

    private void refuse(List<Waiting> batch) {
        batch.forEach(one -> one.reply.fail(away()));
    }

    private void probeLater() {
        vertx.setTimer(PROBE_INTERVAL.toMillis(), now -> {
            var impatience = vertx.setTimer(timeout.toMillis(), over -> probeLater());
            redis.send(Request.cmd(Command.PING)).onComplete(pong -> {
                if (!vertx.cancelTimer(impatience)) {
                    return;
                }
                if (pong.succeeded()) {
                    LOG.info("Redis is back");
                    broken.set(false);
                } else {
                    probeLater();
                }
            });
        });
    }

    private static TimeoutException away() {
        return new TimeoutException("Redis does not answer");
    }
}
