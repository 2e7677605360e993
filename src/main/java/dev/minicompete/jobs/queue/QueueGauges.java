package dev.minicompete.jobs.queue;

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

    private static final String SAMPLE = """
            SELECT count(*) FILTER (WHERE leased_until >= clock_timestamp()) AS running,
                count(*) FILTER (WHERE run_at > clock_timestamp()) AS delayed,
                count(*) AS unfinished,
                coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS oldest,
                (SELECT count(*) FROM failed_jobs) AS failed
            FROM outbox
            """;

    private final Pool pool;
    private volatile Sample sample = new Sample(0, 0, 0, 0, 0);

    private record Sample(long ready, long delayed, long running, long failed, double oldestSeconds) {

        static Sample of(Row row) {
            var running = row.getLong("running");
            var delayed = row.getLong("delayed");
            return new Sample(
                    row.getLong("unfinished") - running - delayed,
                    delayed,
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
        return pool.query(SAMPLE)
                .execute()
                .invoke(rows -> sample = Sample.of(rows.iterator().next()))
                .replaceWithVoid();
    }
}
