package dev.minicompete.jobs;

import dev.minicompete.platform.telemetry.Tracing;
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
 * Notes with jobs which traces they belong to, in the transaction that adds them. It is a statement of its own, so that the
 * ones that add jobs are as cheap as ever while nobody traces.
 */
@ApplicationScoped
public class JobTraces {

    private static final String NOTE = """
            UPDATE outbox SET trace_parent = t.parent FROM unnest($1::uuid[], $2::text[]) AS t (id, parent)
            WHERE outbox.id = t.id
            """;

    private static final String NOTE_ONE = "UPDATE outbox SET trace_parent = :parent WHERE id IN (:jobs)";

    private final Tracing tracing;

    JobTraces(Tracing tracing) {
        this.tracing = tracing;
    }

    /** Notes a place in a trace with each of these jobs; does nothing when there are none. */
    public static Future<?> note(SqlConnection transaction, Map<UUID, String> traceParents) {
        if (traceParents.isEmpty()) {
            return Future.succeededFuture();
        }
        var jobs = traceParents.keySet().toArray(UUID[]::new);
        var parents = traceParents.values().toArray(String[]::new);
        return transaction
                .preparedQuery(NOTE)
                .execute(Tuple.tuple().addValue(jobs).addValue(parents));
    }

    /** Notes the present request's place in its trace with jobs that it has added, if it is traced. */
    public Uni<Void> noteCurrent(Mutiny.Session transaction, Collection<UUID> jobs) {
        var parent = tracing.current();
        if (parent == null || jobs.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .createNativeQuery(NOTE_ONE)
                .setParameter("parent", parent)
                .setParameter("jobs", jobs)
                .executeUpdate()
                .replaceWithVoid();
    }
}
