package dev.minicompete.jobs.queue;

import dev.minicompete.platform.postgres.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.ToDoubleFunction;

/** Gauges of the numbers of jobs by state. They are counted in PostgreSQL, so that they are right without Redis. */
@ApplicationScoped
public class QueueGauges {

    /** A state with more jobs than this is given as this number, so that a long queue is counted as fast as a short one. */
    static final int COUNTED = 100_000;

    /**
     * Looks at the jobs that became due first and at those that will become due first, each by index. The oldest job and the
     * running ones are among them unless both are more than {@link #COUNTED}.
     */
    static final String SAMPLE = """
            WITH due AS MATERIALIZED (
                SELECT leased_until, created_at FROM outbox WHERE run_at <= now() ORDER BY run_at, id LIMIT :counted),
            delayed AS MATERIALIZED (
                SELECT created_at FROM outbox WHERE run_at > now() ORDER BY run_at, id LIMIT :counted),
            failed AS MATERIALIZED (
                SELECT FROM failed_jobs ORDER BY failed_at, id LIMIT :counted)
            SELECT (SELECT count(*) FROM due) AS due,
                (SELECT count(*) FROM due WHERE leased_until >= now()) AS running,
                (SELECT count(*) FROM delayed) AS delayed,
                (SELECT count(*) FROM failed) AS failed,
                coalesce(extract(epoch FROM clock_timestamp() - least(
                    (SELECT min(created_at) FROM due), (SELECT min(created_at) FROM delayed))), 0)::float8 AS oldest
            """.replace(":counted", Integer.toString(COUNTED));

    private final Pool pool;
    private volatile Sample sample = new Sample(0, 0, 0, 0, 0);

    private record Sample(long ready, long delayed, long running, long failed, double oldestSeconds) {

        static Sample of(Row row) {
            var running = row.getLong("running");
            return new Sample(
                    row.getLong("due") - running,
                    row.getLong("delayed"),
                    running,
                    row.getLong("failed"),
                    row.getDouble("oldest"));
        }
    }

    QueueGauges(Pool pool, MeterRegistry registry) {
        this.pool = pool;
        depth(registry, "ready", Sample::ready);
        depth(registry, "delayed", Sample::delayed);
        depth(registry, "running", Sample::running);
        depth(registry, "dead", Sample::failed);
        Gauge.builder("jobs.dead.letters", this, gauges -> gauges.sample.failed())
                .description("Failed jobs: all their attempts failed")
                .register(registry);
        Gauge.builder("jobs.oldest.age", this, gauges -> gauges.sample.oldestSeconds())
                .baseUnit("seconds")
                .description("Age of the oldest unfinished job")
                .register(registry);
    }

    private void depth(MeterRegistry registry, String state, ToDoubleFunction<Sample> count) {
        Gauge.builder("jobs.queue.depth", this, gauges -> count.applyAsDouble(gauges.sample))
                .tag("state", state)
                .description("Jobs by state")
                .register(registry);
    }

    /** Counts the jobs anew. */
    public Uni<Void> refresh() {
        return pool.withTransaction(transaction -> transaction
                        .query(Database.READ_IN_ORDER)
                        .execute()
                        .chain(() -> transaction.query(SAMPLE).execute()))
                .invoke(rows -> sample = Sample.of(rows.iterator().next()))
                .replaceWithVoid();
    }
}
