package dev.minicompete.jobs.worker;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A loop of the worker: repeats a step until it is stopped. Each loop shows on its own whether it goes on. */
final class JobLoop {

    private final String name;
    private final boolean takesEntries;
    private final Duration stallTimeout;
    private final Supplier<Uni<Void>> step;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile long lastRound = System.nanoTime();

    /**
     * A loop that has not started.
     *
     * @param name the name of its list in Redis, if it takes entries
     * @param stallTimeout how long a round may last
     * @param step one round
     */
    JobLoop(String name, boolean takesEntries, Duration stallTimeout, Supplier<Uni<Void>> step) {
        this.name = name;
        this.takesEntries = takesEntries;
        this.stallTimeout = stallTimeout;
        this.step = step;
    }

    String name() {
        return name;
    }

    boolean takesEntries() {
        return takesEntries;
    }

    /** Does one round. */
    Uni<Void> round() {
        lastRound = System.nanoTime();
        return step.get();
    }

    /** Whether the present round has lasted too long. */
    boolean isStalled() {
        return !ended.isDone() && System.nanoTime() - lastRound > stallTimeout.toNanos();
    }

    /** Marks that no round follows. */
    void end() {
        ended.complete(null);
    }

    boolean hasEnded() {
        return ended.isDone();
    }

    /** Completes when no round follows. */
    Uni<Void> ended() {
        return Uni.createFrom().completionStage(ended);
    }
}
