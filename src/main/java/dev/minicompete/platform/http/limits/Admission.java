package dev.minicompete.platform.http.limits;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemResponse;
import dev.minicompete.platform.http.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the requests in progress, since each of them takes memory and processor time from all others. A request needs a permit and
 * holds it until its response has ended or its connection has closed. Requests that find no permit wait for one in order of arrival, and
 * are rejected with 503 when the queue is full. The management port has no such bound.
 */
@Singleton
class Admission {

    /** After {@link BodyReader}, so that a client cannot hold a permit by sending its body slowly; before authentication. */
    private static final int PRIORITY = BodyReader.PRIORITY - 50;

    /** Several times as long as any request waits in the queue. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final ProblemException UNAVAILABLE =
            ProblemException.retryAfter(ProblemType.UNAVAILABLE, "Too many requests at this moment.", RETRY_AFTER);

    private final int permits;
    private final int queueLimit;
    private final ProblemResponse problems;
    private final Counter rejected;

    private final Queue<Waiting> queue = new ArrayDeque<>();
    private int inProgress;

    Admission(HttpLimitsConfig config, ProblemResponse problems, MeterRegistry metrics) {
        this.permits = config.maxInProgress();
        this.queueLimit = config.maxWaiting();
        this.problems = problems;
        this.rejected = Counter.builder("http.server.refused")
                .description("Requests rejected because too many were in progress and waiting")
                .register(metrics);
        Gauge.builder("http.server.waiting", this, Admission::waiting)
                .description("Requests that wait for a permit")
                .register(metrics);
    }

    void register(@Observes Filters filters) {
        filters.register(this::admit, PRIORITY);
    }

    private void admit(RoutingContext request) {
        switch (decide(request)) {
            case START -> start(request);
            case WAIT -> {}
            case REJECT -> reject(request);
        }
    }

    private synchronized Decision decide(RoutingContext request) {
        if (inProgress < permits) {
            inProgress++;
            return Decision.START;
        }
        if (queue.size() < queueLimit) {
            queue.add(new Waiting(request, Vertx.currentContext()));
            return Decision.WAIT;
        }
        return Decision.REJECT;
    }

    /** The request has a permit. */
    private void start(RoutingContext request) {
        if (request.response().closed()) {
            release();
        } else {
            new Permit(connection(request).channel()).releaseWith(request);
            request.next();
        }
    }

    /** Passes a permit on to the request that waits longest. */
    private void release() {
        var next = next();
        if (next != null) {
            next.context.runOnContext(turn -> start(next.request));
        }
    }

    private synchronized @Nullable Waiting next() {
        var next = queue.poll();
        if (next == null) {
            inProgress--;
        }
        return next;
    }

    private synchronized int waiting() {
        return queue.size();
    }

    /**
     * Rejects a request that was received in full. The connection stays open, but its next request is read only after the time that the
     * response names: rejecting clients that do not wait would take all processor time.
     */
    private void reject(RoutingContext request) {
        rejected.increment();
        problems.sendAndKeepOpen(request, UNAVAILABLE);
        var connection = connection(request);
        connection.doPause();
        request.vertx().setTimer(RETRY_AFTER.toMillis(), later -> connection.doResume());
    }

    /** Rejects a request whose body is outstanding, and closes its connection. */
    void rejectUnread(RoutingContext request) {
        rejected.increment();
        problems.send(request, UNAVAILABLE);
    }

    private static ConnectionBase connection(RoutingContext request) {
        return (ConnectionBase) request.request().connection();
    }

    /** Listens to the channel as well, since Vert.x calls no handler when a response is reset or closes its connection. */
    private final class Permit extends AtomicBoolean implements ChannelFutureListener {

        private final Channel channel;

        Permit(Channel channel) {
            this.channel = channel;
        }

        void releaseWith(RoutingContext request) {
            channel.closeFuture().addListener(this);
            request.addEndHandler(ended -> releaseOnce());
        }

        @Override
        public void operationComplete(ChannelFuture closed) {
            releaseOnce();
        }

        private void releaseOnce() {
            if (compareAndSet(false, true)) {
                channel.closeFuture().removeListener(this);
                release();
            }
        }
    }

    private enum Decision {
        START,
        WAIT,
        REJECT
    }

    private record Waiting(RoutingContext request, Context context) {}
}
