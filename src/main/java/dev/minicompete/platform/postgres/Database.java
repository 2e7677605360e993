package dev.minicompete.platform.postgres;

import dev.minicompete.platform.http.problem.Failures;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Work in PostgreSQL that a request waits for, but not for ever: a server that stands still keeps its connections open and
 * says nothing. The deadline is one of the answer. The work itself is never cut off, since that would leave its session or
 * its connection behind; it ends when the server answers, or when the connection does.
 */
public final class Database {

    /** With the wait for Redis before and after, an answer still comes within 3 s. */
    private static final Duration PATIENCE = Duration.ofMillis(2_500);

    private Database() {}

    /** As {@link Panache#withSession}, with the deadline. */
    public static <T> Uni<T> withSession(Supplier<Uni<T>> work) {
        return inTime(Panache.withSession(work));
    }

    /** As {@link Panache#withTransaction}, with the deadline. */
    public static <T> Uni<T> withTransaction(Supplier<Uni<T>> work) {
        return inTime(Panache.withTransaction(work));
    }

    /** Answers as the work does, or, when it takes too long, with a failure that says so. */
    public static <T> Uni<T> inTime(Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            if (context == null) {
                return work;
            }
            var vertx = context.owner();
            return Uni.createFrom().emitter(answer -> {
                // Whichever comes second finds the answer given, and has no effect.
                var timer = vertx.setTimer(PATIENCE.toMillis(), late -> answer.fail(Failures.timeout("PostgreSQL")));
                work.onTermination()
                        .invoke(() -> vertx.cancelTimer(timer))
                        .subscribe()
                        .with(answer::complete, answer::fail);
            });
        });
    }
}
