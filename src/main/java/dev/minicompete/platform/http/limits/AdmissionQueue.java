package dev.minicompete.platform.http.limits;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The places for requests that are worked on, and the queue of those that wait for one, in the order of their arrival. Shared by
 * all connections; under a race it lets in one more than it says.
 */
final class AdmissionQueue {

    private final int places;
    private final int waitingPlaces;
    private final Counter refused;

    private final AtomicInteger inProgress = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

    /**
     * A queue.
     *
     * @param places requests that are worked on at a time
     * @param waitingPlaces requests that may wait beside them
     */
    AdmissionQueue(int places, int waitingPlaces, MeterRegistry metrics) {
        this.places = places;
        this.waitingPlaces = waitingPlaces;
        this.refused = Counter.builder("http.server.refused")
                .description("Requests refused since too many were in progress and waited")
                .register(metrics);
        Gauge.builder("http.server.waiting", waiting, AtomicInteger::get)
                .description("Requests that wait to be worked on")
                .register(metrics);
    }

    /** Whether whoever comes now is worked on at once. */
    boolean hasPlace() {
        return waiting.get() == 0 && inProgress.get() < places;
    }

    /** Whether whoever comes now may at least wait. */
    boolean hasWaitingPlace() {
        return waiting.get() < waitingPlaces;
    }

    /** Takes a place. */
    void enter() {
        inProgress.incrementAndGet();
    }

    /** Takes a place as soon as it is this one's turn, and then says so, on whatever thread. */
    void enterInTurn(Runnable entered) {
        waiting.incrementAndGet();
        queue.add(entered);
        admit();
    }

    /** Gives so many places back. */
    void leave(int count) {
        inProgress.addAndGet(-count);
        admit();
    }

    void countRefusal() {
        refused.increment();
    }

    private void admit() {
        while (inProgress.get() < places) {
            var next = queue.poll();
            if (next == null) {
                return;
            }
            waiting.decrementAndGet();
            inProgress.incrementAndGet();
            next.run();
        }
    }
}
