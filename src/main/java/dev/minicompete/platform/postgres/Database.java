package dev.minicompete.platform.postgres;

import dev.minicompete.platform.http.problem.Failures;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Runs work in PostgreSQL that a request waits for, with a deadline, since a server that hangs keeps its connections open. The deadline
 * applies to the response; a statement that was sent continues until the server responds or the connection ends, since cutting it off would
 * leak its session or connection. A transaction is then rolled back. Work that waits for a connection ends before the deadline
 * ({@link DatabaseConfig#connectionTimeout}).
 */
public final class Database {

    /** Leaves room for waiting for Redis before and after, so that a response comes within 3 s. */
    private static final Duration DEADLINE = Duration.ofMillis(2_500);

    /**
     * Makes the statements of a transaction read an index in its order up to their LIMIT. Otherwise PostgreSQL may read and sort
     * all rows while it has no statistics of a table that grows.
     */
    public static final String READ_IN_ORDER = "SET LOCAL enable_bitmapscan = off";

    private Database() {}

    /** As {@link Panache#withSession}, with the deadline. */
    public static <T> Uni<T> withSession(Supplier<Uni<T>> work) {
        return inTime(Panache.withSession(work));
    }

    /** As {@link Panache#withTransaction}, with the deadline: work that takes longer is rolled back. */
    public static <T> Uni<T> withTransaction(Supplier<Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            var started = System.nanoTime();
            return inTime(Panache.withTransaction(() -> work.get()
                    .flatMap(result -> System.nanoTime() - started < DEADLINE.toNanos()
                            ? Uni.createFrom().item(result)
                            : Uni.createFrom().failure(Failures.timeout("PostgreSQL")))));
        });
    }

    /** The outcome of the work; fails with a timeout that counts as an outage when it takes longer than the deadline. */
    public static <T> Uni<T> inTime(Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            if (context == null) {
                return work;
            }
            var vertx = context.owner();
            return Uni.createFrom().emitter(emitter -> {
                // The emitter ignores the second of the two.
                var timer = vertx.setTimer(DEADLINE.toMillis(), late -> emitter.fail(Failures.timeout("PostgreSQL")));
                work.onTermination()
                        .invoke(() -> vertx.cancelTimer(timer))
                        .subscribe()
                        .with(emitter::complete, emitter::fail);
            });
        });
    }
}
