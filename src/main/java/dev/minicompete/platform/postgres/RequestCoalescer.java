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

/**
 * Reads once for all who want the same at the same time: while one read is in flight, those who ask gather, and the next
 * read answers them all. Nobody gets what was read before they asked, so this is no cache and never shows anything old.
 */
public final class RequestCoalescer<K, V> {

    private final Function<K, Uni<V>> read;

    /** By what is being read: who waits for the next read of it. */
    private final Map<K, List<Reader<V>>> gathered = new HashMap<>();

    /** Reads by this function, which must do nothing else. */
    public RequestCoalescer(Function<K, Uni<V>> read) {
        this.read = read;
    }

    private record Reader<V>(Context context, UniEmitter<? super V> answer) {

        /** Each on its own context: there its request goes on. */
        void run(Runnable task) {
            if (context == null || context == Vertx.currentContext()) {
                task.run();
            } else {
                context.runOnContext(ignored -> task.run());
            }
        }
    }

    /** What a read that begins from now on finds, on the caller's context. */
    public Uni<V> get(K key) {
        return Uni.createFrom().emitter(answer -> {
            var reader = new Reader<V>(Vertx.currentContext(), answer);
            if (isFirst(key, reader)) {
                readFor(key, List.of(reader));
            }
        });
    }

    private synchronized boolean isFirst(K key, Reader<V> reader) {
        var waiting = gathered.get(key);
        if (waiting == null) {
            gathered.put(key, new ArrayList<>());
            return true;
        }
        waiting.add(reader);
        return false;
    }

    private void readFor(K key, List<Reader<V>> readers) {
        readers.get(0)
                .run(() -> Uni.createFrom()
                        .deferred(() -> read.apply(key))
                        .subscribe()
                        .with(
                                value -> settle(key, readers, answer -> answer.complete(value)),
                                failure -> fail(key, readers, failure)));
    }

    /** While PostgreSQL is away, each that gathered would only learn the same, one deadline later. */
    private void fail(K key, List<Reader<V>> readers, Throwable failure) {
        if (Failures.isAway(failure)) {
            takeGathered(key).forEach(reader -> reader.run(() -> reader.answer.fail(failure)));
        }
        settle(key, readers, answer -> answer.fail(failure));
    }

    private synchronized List<Reader<V>> takeGathered(K key) {
        var waiting = gathered.put(key, new ArrayList<>());
        return waiting == null ? List.of() : waiting;
    }

    private void settle(K key, List<Reader<V>> readers, Consumer<UniEmitter<? super V>> answer) {
        var next = nextReaders(key);
        if (!next.isEmpty()) {
            readFor(key, next);
        }
        readers.forEach(reader -> reader.run(() -> answer.accept(reader.answer)));
    }

    private synchronized List<Reader<V>> nextReaders(K key) {
        var next = gathered.remove(key);
        if (!next.isEmpty()) {
            gathered.put(key, new ArrayList<>());
        }
        return next;
    }
}
