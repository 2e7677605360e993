package dev.minicompete.platform.security;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs password hashing off the event loop, a bounded number at a time. Work beyond the bound is refused at once, so that a
 * crowd logging in does not starve registrations of memory and cores.
 */
@ApplicationScoped
public class HashingExecutor {

    private final ThreadPoolExecutor threads;

    HashingExecutor(SecurityConfig config) {
        var parallel = config.hashing().threads();
        threads = new ThreadPoolExecutor(
                parallel,
                parallel,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.hashing().waiting()),
                task -> new Thread(task, "hashing"));
    }

    /** Runs the work and emits its result on the caller's event loop. Fails with {@code unavailable} when the queue is full. */
    public <T> Uni<T> run(Supplier<T> work) {
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            return Uni.createFrom()
                    .item(work)
                    .runSubscriptionOn(threads)
                    .emitOn(task -> context.runOnContext(ignored -> task.run()))
                    .onFailure(RejectedExecutionException.class)
                    .transform(full -> ProblemException.retryAfter(
                            ProblemType.UNAVAILABLE,
                            "Too many people are logging in or signing up at the moment.",
                            Duration.ofSeconds(2)));
        });
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
