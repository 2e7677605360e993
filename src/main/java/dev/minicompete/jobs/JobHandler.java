package dev.minicompete.jobs;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;

/**
 * Does the jobs of one kind. What it does happens in the transaction that also deletes the jobs, so that it takes effect
 * exactly once, however often it is tried.
 */
public interface JobHandler {

    /** The kind of job, as {@code <subject>:<verb>}: stable, since it is stored. */
    String kind();

    /**
     * Whether each job needs a transaction of its own, since what it does outside of PostgreSQL would not be undone when
     * another job of the same transaction fails.
     */
    default boolean requiresOwnTransaction() {
        return false;
    }

    /**
     * Does all of these jobs through the given connection, within its transaction, or fails. When it fails for several
     * they are tried again one by one.
     *
     * @return the ids of jobs that it added to the outbox
     */
    Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs);
}
