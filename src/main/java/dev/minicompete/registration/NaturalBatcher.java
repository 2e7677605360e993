package dev.minicompete.registration;

import dev.minicompete.platform.http.problem.Failures;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Groups requests into batches without a timer: requests that arrive while a batch is running form the next one, in their
 * order. A single request runs at once; under load the batches grow.
 *
 * <p>Each request has its own result. If a batch fails its requests are repeated one by one, so that a bad request fails alone.
 * If the database is unavailable all waiting requests fail at once.
 */
final class NaturalBatcher<Q, A> {

    private final Context context;
    private final int batchSize;
    private final int capacity;
    private final Function<Q, ?> conflictKey;
    private final Function<List<Q>, Uni<List<A>>> work;

    private final Queue<Waiting<Q, A>> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Requests that were left out of a batch because of a conflict. Used only by the thread that set {@code busy}. */
    private final ArrayDeque<Waiting<Q, A>> deferred = new ArrayDeque<>();

    /**
     * Creates a batcher.
     *
     * @param context the context on which the work runs
     * @param batchSize the maximum number of requests in a batch
     * @param capacity the maximum number of waiting requests; more are rejected
     * @param conflictKey requests with equal keys never share a batch
     * @param work does a batch and returns a result for each request, in the same order
     */
    NaturalBatcher(
            Context context,
            int batchSize,
            int capacity,
            Function<Q, ?> conflictKey,
            Function<List<Q>, Uni<List<A>>> work) {
        this.context = context;
        this.batchSize = batchSize;
        this.capacity = capacity;
        this.conflictKey = conflictKey;
        this.work = work;
    }

    private record Waiting<Q, A>(Q request, UniEmitter<? super A> result) {}

    /** Does the request with the next batch; the result arrives on the caller's context. Fails with {@code unavailable} when full. */
    Uni<A> submit(Q request) {
        return Uni.createFrom().deferred(() -> {
            var caller = Vertx.currentContext();
            var result = Uni.createFrom().<A>emitter(emitter -> enqueue(new Waiting<>(request, emitter)));
            return caller == null ? result : result.emitOn(task -> caller.runOnContext(ignored -> task.run()));
        });
    }

    private void enqueue(Waiting<Q, A> one) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            one.result.fail(Failures.unavailable());
            return;
        }
        arrived.add(one);
        if (busy.compareAndSet(false, true)) {
            context.runOnContext(ignored -> runNext());
        }
    }

    private void runNext() {
        var batch = nextBatch();
        if (!batch.isEmpty()) {
            run(batch, this::runNext);
            return;
        }
        busy.set(false);
        // A request may have arrived after the check and before the flag was cleared.
        if (!arrived.isEmpty() && busy.compareAndSet(false, true)) {
            runNext();
        }
    }

    private List<Waiting<Q, A>> nextBatch() {
        var batch = new ArrayList<Waiting<Q, A>>();
        var conflictKeys = new HashSet<Object>();
        for (var count = deferred.size(); count > 0; count--) {
            choose(deferred.poll(), batch, conflictKeys);
        }
        while (batch.size() < batchSize && !arrived.isEmpty()) {
            var one = arrived.poll();
            // Conflicting requests run one per batch. More of them than a batch holds would wait too long and fill the
            // queue for all others.
            if (deferred.size() >= batchSize && conflictKeys.contains(conflictKey.apply(one.request))) {
                waiting.decrementAndGet();
                one.result.fail(Failures.unavailable());
            } else {
                choose(one, batch, conflictKeys);
            }
        }
        waiting.addAndGet(-batch.size());
        return batch;
    }

    private void choose(Waiting<Q, A> one, List<Waiting<Q, A>> batch, HashSet<Object> conflictKeys) {
        if (batch.size() < batchSize && conflictKeys.add(conflictKey.apply(one.request))) {
            batch.add(one);
        } else {
            deferred.add(one);
        }
    }

    private void run(List<Waiting<Q, A>> batch, Runnable then) {
        Uni.createFrom()
                .deferred(() -> work.apply(requests(batch)))
                .subscribe()
                .with(
                        results -> {
                            for (var i = 0; i < batch.size(); i++) {
                                batch.get(i).result.complete(results.get(i));
                            }
                            then.run();
                        },
                        failure -> recover(batch, failure, then));
    }

    private static <Q, A> List<Q> requests(List<Waiting<Q, A>> batch) {
        var requests = new ArrayList<Q>(batch.size());
        for (var one : batch) {
            requests.add(one.request);
        }
        return requests;
    }

    private void recover(List<Waiting<Q, A>> batch, Throwable failure, Runnable then) {
        if (Failures.isAway(failure)) {
            batch.forEach(one -> one.result.fail(failure));
            failWaiting(failure);
            then.run();
        } else if (batch.size() == 1) {
            batch.get(0).result.fail(failure);
            then.run();
        } else {
            runOneByOne(new ArrayDeque<>(batch), then);
        }
    }

    private void runOneByOne(ArrayDeque<Waiting<Q, A>> rest, Runnable then) {
        var next = rest.poll();
        if (next == null) {
            then.run();
        } else {
            run(List.of(next), () -> runOneByOne(rest, then));
        }
    }

    /** The waiting requests would fail in the same way, each batch one timeout later. */
    private void failWaiting(Throwable failure) {
        for (var count = waiting.get(); count > 0; count--) {
            var one = deferred.isEmpty() ? arrived.poll() : deferred.poll();
            if (one == null) {
                return;
            }
            waiting.decrementAndGet();
            one.result.fail(failure);
        }
    }
}
