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
 * Does requests in batches that form by themselves: while one batch is in flight, the requests that arrive gather; the next
 * takes them all, in order. There is no timer: alone, a request goes at once; the more come, the larger the batches.
 *
 * <p>Each request is answered on its own. When a batch fails its requests are tried one by one, so that a bad one fails
 * alone; when the database is away, whoever waits is told at once.
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

    /** Passed over, since a rival was in the batch. Touched by whoever is busy only. */
    private final ArrayDeque<Waiting<Q, A>> deferred = new ArrayDeque<>();

    /**
     * A batcher.
     *
     * @param context where the work runs
     * @param batchSize requests in a batch at the most
     * @param capacity requests that may wait; more are refused
     * @param rivalry requests of which this is equal never share a batch
     * @param work does a batch and answers each request, in their order
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

    private record Waiting<Q, A>(Q request, UniEmitter<? super A> answer) {}

    /** Does the request with the next batch and answers on the caller's context; fails with {@code unavailable} when full. */
    Uni<A> submit(Q request) {
        return Uni.createFrom().deferred(() -> {
            var caller = Vertx.currentContext();
            var answered = Uni.createFrom().<A>emitter(answer -> enqueue(new Waiting<>(request, answer)));
            return caller == null ? answered : answered.emitOn(task -> caller.runOnContext(ignored -> task.run()));
        });
    }

    private void enqueue(Waiting<Q, A> one) {
        if (waiting.incrementAndGet() > capacity) {
            waiting.decrementAndGet();
            one.answer.fail(Failures.unavailable());
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
        // Somebody may have arrived after the look and before the flag fell.
        if (!arrived.isEmpty() && busy.compareAndSet(false, true)) {
            runNext();
        }
    }

    private List<Waiting<Q, A>> nextBatch() {
        var batch = new ArrayList<Waiting<Q, A>>();
        var rivalries = new HashSet<Object>();
        for (var again = deferred.size(); again > 0; again--) {
            choose(deferred.poll(), batch, rivalries);
        }
        while (batch.size() < batchSize && !arrived.isEmpty()) {
            var one = arrived.poll();
            // Rivals go one by one; a batch's worth of them waits for long enough, and must not fill the queue for all
            // others.
            if (deferred.size() >= batchSize && rivalries.contains(conflictKey.apply(one.request))) {
                waiting.decrementAndGet();
                one.answer.fail(Failures.unavailable());
            } else {
                choose(one, batch, rivalries);
            }
        }
        waiting.addAndGet(-batch.size());
        return batch;
    }

    private void choose(Waiting<Q, A> one, List<Waiting<Q, A>> batch, HashSet<Object> rivalries) {
        if (batch.size() < batchSize && rivalries.add(conflictKey.apply(one.request))) {
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
                        answers -> {
                            for (var i = 0; i < batch.size(); i++) {
                                batch.get(i).answer.complete(answers.get(i));
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
            batch.forEach(one -> one.answer.fail(failure));
            refuseWaiting(failure);
            then.run();
        } else if (batch.size() == 1) {
            batch.get(0).answer.fail(failure);
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

    /** Each that waited would only learn the same, one timeout later than the one before. */
    private void refuseWaiting(Throwable failure) {
        for (var count = waiting.get(); count > 0; count--) {
            var one = deferred.isEmpty() ? arrived.poll() : deferred.poll();
            if (one == null) {
                return;
            }
            waiting.decrementAndGet();
            one.answer.fail(failure);
        }
    }
}
