package dev.minicompete.platform.redis;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis every few seconds, for the gauge {@code redis_up}, in each role of the process. A Redis that refuses the log-in
 * or shows a wrong certificate is logged once, and once more when that has changed: waiting does not cure it, and nobody would
 * notice, since a process serves without Redis.
 */
@ApplicationScoped
class RedisMonitor {

    private static final Logger LOG = Logger.getLogger(RedisMonitor.class);

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Redis redis;
    private volatile boolean up;
    private @Nullable String refusal;

    RedisMonitor(Vertx vertx, Redis redis, MeterRegistry registry) {
        this.vertx = vertx;
        this.redis = redis;
        Gauge.builder("redis.up", this, monitor -> monitor.up ? 1 : 0)
                .description("1 while Redis responds and accepts the log-in, else 0")
                .register(registry);
    }

    void start(@Observes StartupEvent started) {
        check();
    }

    private void check() {
        Promise<Response> pong = Promise.promise();
        var timer = vertx.setTimer(TIMEOUT.toMillis(), late -> pong.tryFail(new TimeoutException("Redis is silent")));
        redis.send(Request.cmd(Command.PING)).onComplete(reply -> {
            if (reply.succeeded()) {
                pong.tryComplete(reply.result());
            } else {
                pong.tryFail(reply.cause());
            }
        });
        pong.future().onComplete(reply -> {
            vertx.cancelTimer(timer);
            note(reply);
            vertx.setTimer(INTERVAL.toMillis(), next -> check());
        });
    }

    private synchronized void note(AsyncResult<Response> reply) {
        up = reply.succeeded();
        var refused = up ? null : RedisRefusal.describe(reply.cause()).orElse(null);
        if (Objects.equals(refused, refusal)) {
            return;
        }
        refusal = refused;
        if (refused != null) {
            LOG.errorf("Redis refuses this process; jobs wait and requests go on without it. %s", refused);
        } else {
            LOG.info("Redis does not refuse this process any more");
        }
    }
}
