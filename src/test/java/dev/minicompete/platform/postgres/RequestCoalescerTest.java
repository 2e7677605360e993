package dev.minicompete.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers on many contexts, and reads that end on threads of their own. */
class RequestCoalescerTest {

    private static final int CALLS = 20_000;
    private static final int KEYS = 3;

    private final Vertx vertx = Vertx.vertx();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void eachCallerGetsAValueReadAfterItsCallOnItsContext() {
        var clock = new AtomicInteger();
        var inFlight = new ConcurrentHashMap<Integer, AtomicInteger>();
        var reads = new AtomicInteger();
        var faults = new ConcurrentLinkedQueue<String>();
        var results = new AtomicInteger();
        var coalescer =
                new RequestCoalescer<Integer, Integer>(key -> Uni.createFrom().emitter(emitter -> {
                    reads.incrementAndGet();
                    if (inFlight.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet() > 1) {
                        faults.add("two reads of " + key);
                    }
                    var value = clock.incrementAndGet();
                    threads.schedule(
                            () -> {
                                inFlight.get(key).decrementAndGet();
                                if (value % 5 == 0) {
                                    emitter.fail(new IllegalStateException("a failure"));
                                } else {
                                    emitter.complete(value);
                                }
                            },
                            0,
                            TimeUnit.MILLISECONDS);
                }));
        var contexts = IntStream.range(0, 8)
                .mapToObj(i -> (Context) ((VertxInternal) vertx).createEventLoopContext())
                .toList();
        IntStream.range(0, CALLS)
                .forEach(i -> contexts.get(i % 8).runOnContext(now -> {
                    var before = clock.get();
                    coalescer
                            .get(i % KEYS)
                            .subscribe()
                            .with(
                                    value -> {
                                        results.incrementAndGet();
                                        if (value <= before) {
                                            faults.add("a value of before the call");
                                        }
                                        if (Vertx.currentContext() != contexts.get(i % 8)) {
                                            faults.add("a result on another context");
                                        }
                                    },
                                    failure -> results.incrementAndGet());
                }));
        await("the results")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(results).hasValue(CALLS));
        assertThat(faults).isEmpty();
        assertThat(reads.get()).isLessThan(CALLS);
    }
}
