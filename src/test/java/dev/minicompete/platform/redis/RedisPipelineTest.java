package dev.minicompete.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uses a fake Redis that replies when the test says so, or never. */
class RedisPipelineTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int COMMANDS = 5_000;

    private final Vertx vertx = Vertx.vertx();
    private final List<Promise<List<Response>>> batches = new CopyOnWriteArrayList<>();
    private RedisPipeline pipeline = new RedisPipeline(vertx, redis(), false, SHORT);

    private volatile boolean answersProbes;

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void commandsDuringBatchGoOutWithNextBatch() {
        pipeline = new RedisPipeline(vertx, redis(), false, LONG);
        var first = send();
        await("the first batch").until(() -> batches.size() == 1);
        var others = List.of(send(), send(), send());
        answer(1);
        await("the first reply").until(first::succeeded);
        await("the next batch").until(() -> batches.size() == 2);
        answer(3);
        await("the other replies").until(() -> others.stream().allMatch(Future::succeeded));
    }

    @Test
    void commandsOfOneTurnGoOutTogether() {
        pipeline = new RedisPipeline(vertx, redis(), false, LONG);
        var sent = new CopyOnWriteArrayList<Future<Response>>();
        vertx.getOrCreateContext().runOnContext(turn -> {
            sent.add(send());
            sent.add(send());
        });
        await("the batch").until(() -> batches.size() == 1);
        answer(2);
        await("both replies").until(() -> sent.stream().allMatch(Future::succeeded));
    }

    @Test
    void unresponsiveRedisCostsTimeoutOnce() {
        var sent = send();
        var waiting = send();
        await("the time limit").until(() -> sent.failed() && waiting.failed());
        for (var later = 0; later < 100; later++) {
            assertThat(send().failed()).as("told at once").isTrue();
        }
        assertThat(batches).hasSize(1);
    }

    /** Otherwise each request would connect and log in again. */
    @Test
    void refusedLoginOpensCircuit() {
        pipeline = new RedisPipeline(vertx, redis(), false, LONG);
        var sent = send();
        await("the batch").until(() -> batches.size() == 1);
        batches.get(0).fail(ErrorType.create("WRONGPASS invalid username-password pair or user is disabled."));
        await("the failure").until(sent::failed);
        assertThat(send().failed()).isTrue();
        assertThat(batches).hasSize(1);
    }

    @Test
    void errorReplyToCommandDoesNotOpenCircuit() {
        pipeline = new RedisPipeline(vertx, redis(), false, LONG);
        var sent = send();
        await("the batch").until(() -> batches.size() == 1);
        batches.get(0).fail(ErrorType.create("WRONGTYPE Operation against a key holding the wrong kind of value"));
        await("the failure").until(sent::failed);
        send();
        await("the next batch").until(() -> batches.size() == 2);
    }

    @Test
    void lateReplyIsIgnored() {
        var sent = send();
        await("the time limit").until(sent::failed);
        answer(1);
        assertThat(send().failed()).isTrue();
    }

    @Test
    void replyToProbeClosesCircuit() {
        var sent = send();
        await("the time limit").until(sent::failed);
        answersProbes = true;
        await("its return").until(() -> !send().isComplete());
        await("the next batch").until(() -> batches.size() == 2);
    }

    @Test
    void batchesDoNotOverlapWhicheverThreadEndsThem() {
        var threads = Executors.newScheduledThreadPool(4);
        var inFlight = new AtomicInteger();
        var overlaps = new AtomicInteger();
        var otherContexts = new AtomicInteger();
        var replies = new AtomicInteger();
        var concurrent = redis((method, arguments) -> {
            if (inFlight.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            var batch = Promise.<List<Response>>promise();
            threads.schedule(
                    () -> {
                        inFlight.decrementAndGet();
                        batch.complete(Collections.nCopies(((List<?>) arguments[0]).size(), null));
                    },
                    replies.get() % 3,
                    TimeUnit.MILLISECONDS);
            return batch.future();
        });
        pipeline = new RedisPipeline(vertx, concurrent, false, LONG);
        for (var i = 0; i < COMMANDS; i++) {
            var context = ((VertxInternal) vertx).createEventLoopContext();
            context.runOnContext(turn -> send().onComplete(reply -> {
                replies.incrementAndGet();
                if (Vertx.currentContext() != context) {
                    otherContexts.incrementAndGet();
                }
            }));
        }
        await("the replies").until(() -> replies.get() == COMMANDS);
        threads.shutdownNow();
        assertThat(overlaps).hasValue(0);
        assertThat(otherContexts).hasValue(0);
    }

    private Future<Response> send() {
        return pipeline.send(Request.cmd(Command.GET).arg("key"));
    }

    private void answer(int replies) {
        batches.get(batches.size() - 1).tryComplete(Collections.nCopies(replies, null));
    }

    private Redis redis() {
        return redis((method, arguments) -> {
            if (method.equals("send")) {
                return answersProbes
                        ? Future.<Response>succeededFuture()
                        : Promise.<Response>promise().future();
            }
            var batch = Promise.<List<Response>>promise();
            batches.add(batch);
            return batch.future();
        });
    }

    /** Calls this function for each command or batch. */
    private static Redis redis(BiFunction<String, Object[], Object> commands) {
        return (Redis) Proxy.newProxyInstance(
                Redis.class.getClassLoader(),
                new Class<?>[] {Redis.class},
                (proxy, method, arguments) -> commands.apply(method.getName(), arguments));
    }
}
