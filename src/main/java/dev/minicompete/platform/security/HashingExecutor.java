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
 * Runs costly cryptography off the event loop, a few at a time. Beyond the bound it refuses at once: a crowd logging in
 * must not starve the registrations of memory and cores.
 */
@ApplicationScoped
public class HashingExecutor {

    private final ThreadPoolExecutor threads;

    HashingExecutor(SecurityConfig config) {
        var parallel = config.hashing().atATime();
        threads = new ThreadPoolExecutor(
                parallel,
                parallel,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.hashing().waiting()),
                task -> new Thread(task, "crypto"));
    }

    /** Runs the work and comes back to the caller's event loop. Fails with {@code unavailable} when too much waits. */
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
                            "Too many people are logging in or signing up at this moment.",
                            Duration.ofSeconds(2)));
        });
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
