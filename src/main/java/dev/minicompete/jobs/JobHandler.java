package dev.minicompete.jobs;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Does the jobs of some kinds. It works in the transaction that also deletes the jobs, so that each job takes effect exactly
 * once, however often it is tried.
 */
public interface JobHandler {

    /** The kinds of job that it does, as {@code <subject>:<verb>}. They are stored and must not change. */
    Set<String> kinds();

    /**
     * Whether each job needs a transaction of its own. It does if it has an effect outside of PostgreSQL, which a rollback
     * would not undo. Such kinds may be slow; they have a queue and workers of their own and delay no others.
     */
    default boolean requiresOwnTransaction() {
        return false;
    }

    /** How long {@link #perform} may take; the claim of the job lasts longer. Zero if there is nothing to perform. */
    default Duration performLimit() {
        return Duration.ZERO;
    }

    /**
     * Has the effect of a job outside of PostgreSQL, before {@link #handle} and without a transaction, which must not wait for
     * another system. Only for kinds that require their own transaction and have a {@link #performLimit}. If it succeeds it is not
     * called again, unless the process dies before the transaction. It has no effect any more after it has ended.
     */
    default Uni<Void> perform(Job job) {
        return Uni.createFrom().voidItem();
    }

    /** When failed attempts are repeated; empty where {@code JOB_MAX_ATTEMPTS} and {@code JOB_BACKOFF_…} decide. */
    default Optional<JobsConfig.Retry> retry() {
        return Optional.empty();
    }

    /**
     * Does jobs of one kind through the given connection, within its transaction. If it fails for several jobs they are
     * tried again one by one.
     *
     * @return the ids of jobs that it added to the outbox
     */
    Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs);
}
