package dev.minicompete.jobs;

import dev.minicompete.platform.telemetry.TraceParents;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Stores with jobs the spans that caused them, in the transaction that adds the jobs. It is a separate statement, so that
 * adding jobs costs nothing extra for requests that are not traced.
 */
@ApplicationScoped
public class OutboxTraceParents {

    private static final String STORE = """
            UPDATE outbox SET trace_parent = t.parent FROM unnest($1::uuid[], $2::text[]) AS t (id, parent)
            WHERE outbox.id = t.id
            """;

    private static final String STORE_ONE = "UPDATE outbox SET trace_parent = :parent WHERE id IN (:jobs)";

    private final TraceParents tracing;

    OutboxTraceParents(TraceParents tracing) {
        this.tracing = tracing;
    }

    /** Stores the traceparent of each of these jobs; does nothing when there are none. */
    public static Future<?> note(SqlConnection transaction, Map<UUID, String> traceParents) {
        if (traceParents.isEmpty()) {
            return Future.succeededFuture();
        }
        var jobs = traceParents.keySet().toArray(UUID[]::new);
        var parents = traceParents.values().toArray(String[]::new);
        return transaction
                .preparedQuery(STORE)
                .execute(Tuple.tuple().addValue(jobs).addValue(parents));
    }

    /** Stores the span of the current request with jobs that it added, if the request is traced. */
    public Uni<Void> noteCurrent(Mutiny.Session transaction, Collection<UUID> jobs) {
        var parent = tracing.current();
        if (parent == null || jobs.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .createNativeQuery(STORE_ONE)
                .setParameter("parent", parent)
                .setParameter("jobs", jobs)
                .executeUpdate()
                .replaceWithVoid();
    }
}
