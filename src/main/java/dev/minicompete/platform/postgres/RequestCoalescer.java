package dev.minicompete.platform.postgres;

import dev.minicompete.platform.http.problem.Failures;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Coalesces concurrent reads of the same key. Callers that come while a read is in flight share the next read. A value is always read after
 * its caller asked for it, so this is no cache and needs no expiry.
 */
public final class RequestCoalescer<K, V> {

    private final Function<K, Uni<V>> read;

    /** Callers that wait for the next read, by the key of the read in flight. */
    private final Map<K, List<Caller<V>>> waiting = new HashMap<>();

    /** Coalesces calls of this function, which must have no side effects. */
    public RequestCoalescer(Function<K, Uni<V>> read) {
        this.read = read;
    }

    private record Caller<V>(@Nullable Context context, UniEmitter<? super V> emitter) {

        /** Runs the task on the caller's own Vert.x context. */
        void run(Runnable task) {
            if (context == null || context == Vertx.currentContext()) {
                task.run();
            } else {
                context.runOnContext(ignored -> task.run());
            }
        }
    }

    /** The result of a read that begins after this call, on the caller's context. */
    public Uni<V> get(K key) {
        return Uni.createFrom().emitter(emitter -> {
            var caller = new Caller<V>(Vertx.currentContext(), emitter);
            if (isFirst(key, caller)) {
                readFor(key, List.of(caller));
            }
        });
    }

    private synchronized boolean isFirst(K key, Caller<V> caller) {
        var callers = waiting.get(key);
        if (callers == null) {
            waiting.put(key, new ArrayList<>());
            return true;
        }
        callers.add(caller);
        return false;
    }

    private void readFor(K key, List<Caller<V>> callers) {
        callers.get(0)
                .run(() -> Uni.createFrom()
                        .deferred(() -> read.apply(key))
                        .subscribe()
                        .with(
                                value -> settle(key, callers, emitter -> emitter.complete(value)),
                                failure -> fail(key, callers, failure)));
    }

    /** During an outage the next read would only fail too, one deadline later. */
    private void fail(K key, List<Caller<V>> callers, Throwable failure) {
        if (Failures.isAway(failure)) {
            takeWaiting(key).forEach(caller -> caller.run(() -> caller.emitter.fail(failure)));
        }
        settle(key, callers, emitter -> emitter.fail(failure));
    }

    private synchronized List<Caller<V>> takeWaiting(K key) {
        var callers = waiting.put(key, new ArrayList<>());
        return callers == null ? List.of() : callers;
    }

    private void settle(K key, List<Caller<V>> callers, Consumer<UniEmitter<? super V>> action) {
        var next = nextCallers(key);
        if (!next.isEmpty()) {
            readFor(key, next);
        }
        callers.forEach(caller -> caller.run(() -> action.accept(caller.emitter)));
    }

    private synchronized List<Caller<V>> nextCallers(K key) {
        var next = takeWaiting(key);
        if (next.isEmpty()) {
            waiting.remove(key);
        }
        return next;
    }
}
