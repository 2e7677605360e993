package dev.minicompete.registration;

import dev.minicompete.platform.http.problem.Failures;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
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
 * <p>Each request has its own result and its own deadline. If a batch fails its requests are repeated one by one, so that a bad
 * request fails alone. If the database is unavailable all waiting requests fail at once.
 *
 * <p>Batches are formed, started and completed on one context, even if their work completes on another thread.
 */
final class NaturalBatcher<Q, A> {

    private final ContextInternal context;
    private final int batchSize;
    private final int capacity;
    private final Function<Q, ?> conflictKey;
    private final Function<List<Q>, Uni<List<A>>> work;

    private final Queue<Waiting<Q, A>> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Requests that were left out of a batch because of a conflict. Used only on the context. */
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
        this.context = (ContextInternal) context;
        this.batchSize = batchSize;
        this.capacity = capacity;
        this.conflictKey = conflictKey;
        this.work = work;
    }

    private static final class Waiting<Q, A> {

        private final Q request;
        private final UniEmitter<? super A> result;
        private final ContextInternal context;
        private final long timer;

        /** Whether the deadline has passed. Used only on the context. */
        private boolean late;

        Waiting(Q request, UniEmitter<? super A> result, ContextInternal context, Duration limit) {
            this.request = request;
            this.result = result;
            this.context = context;
            this.timer = context.setTimer(Math.max(1, limit.toMillis()), now -> {
                late = true;
                result.fail(Failures.unavailable());
            });
        }

        /** Has no effect when the deadline has passed. */
        void complete(A item) {
            context.owner().cancelTimer(timer);
            result.complete(item);
        }

        /** Has no effect when the deadline has passed. */
        void fail(Throwable failure) {
            context.owner().cancelTimer(timer);
            result.fail(failure);
        }
    }

    /**
     * Does the request with the next batch; the result arrives on the caller's context. Fails with {@code unavailable} when the
     * queue is full, or when this limit passes; a request that waits then does not run any more.
     */
    Uni<A> submit(Q request, Duration limit) {
        return Uni.createFrom().deferred(() -> {
            var caller = Vertx.currentContext();
            var result = Uni.createFrom().<A>emitter(emitter -> enqueue(request, limit, emitter));
            return caller == null ? result : result.emitOn(task -> caller.runOnContext(ignored -> task.run()));
        });
    }

    /** Whether no request runs or waits. */
    boolean isIdle() {
        return !busy.get();
    }

    private void enqueue(Q request, Duration limit, UniEmitter<? super A> result) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            result.fail(Failures.unavailable());
            return;
        }
        arrived.add(new Waiting<>(request, result, context, limit));
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
                one.fail(Failures.unavailable());
            } else {
                choose(one, batch, conflictKeys);
            }
        }
        waiting.addAndGet(-batch.size());
        return batch;
    }

    private void choose(Waiting<Q, A> one, List<Waiting<Q, A>> batch, HashSet<Object> conflictKeys) {
        if (one.late) {
            waiting.decrementAndGet();
        } else if (batch.size() < batchSize && conflictKeys.add(conflictKey.apply(one.request))) {
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
                        results -> onContext(() -> {
                            for (var i = 0; i < batch.size(); i++) {
                                batch.get(i).complete(results.get(i));
                            }
                            then.run();
                        }),
                        failure -> onContext(() -> recover(batch, failure, then)));
    }

    /** A timeout, for one, completes the work on another thread. */
    private void onContext(Runnable task) {
        if (Vertx.currentContext() == context) {
            task.run();
        } else {
            context.runOnContext(ignored -> task.run());
        }
    }

    private static <Q, A> List<Q> requests(List<Waiting<Q, A>> batch) {
        var requests = new ArrayList<Q>(batch.size());
        for (var one : batch) {
            requests.add(one.request);
        }
        return requests;
    }

    private void recover(List<Waiting<Q, A>> batch, Throwable failure, Runnable then) {
        if (Failures.isAway(failure) && !Failures.isContended(failure)) {
            batch.forEach(one -> one.fail(failure));
            failWaiting(failure);
            then.run();
        } else if (batch.size() == 1) {
            batch.get(0).fail(failure);
            then.run();
        } else {
            runOneByOne(new ArrayDeque<>(batch), then);
        }
    }

    private void runOneByOne(ArrayDeque<Waiting<Q, A>> rest, Runnable then) {
        var next = rest.poll();
        if (next == null) {
            then.run();
        } else if (next.late) {
            runOneByOne(rest, then);
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
            one.fail(failure);
        }
    }
}
