package dev.minicompete.jobs.failed;

import static java.util.Objects.requireNonNull;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Retries all failed jobs of an organizer in chunks. The request handles the first chunk; a job handles each other one and, in
 * the same transaction, adds the job for the next. So each transaction is short, and after a crash the work continues where it
 * stopped. The creation of these jobs is the time of the request: what fails again later is not retried again.
 */
@Singleton
class FailedJobRetry implements JobHandler {

    static final String KIND = "failed-job:retry-all";

    static final int CHUNK = 5_000;

    /** An organizer with more failed jobs than this is told this number. */
    static final int COUNTED = 1_000_000;

    private static final String NOW = "SELECT now() AS now";

    private static final String CONTINUE = """
            INSERT INTO outbox (id, kind, user_id, created_at) VALUES (uuid_v7(), $1, $2, $3) RETURNING id
            """;

    private final Pool pool;
    private final FailedJobRepository failedJobs;
    private final JobQueue queue;

    FailedJobRetry(Pool pool, FailedJobRepository failedJobs, JobQueue queue) {
        this.pool = pool;
        this.failedJobs = failedJobs;
        this.queue = queue;
    }

    /** Retries the first chunk and adds the job that retries the others; returns the number of all of them. */
    Uni<Integer> start(UUID organizer) {
        return Database.inTime(pool.withTransaction(transaction -> transaction
                        .query(NOW)
                        .execute()
                        .map(rows -> rows.iterator().next().getOffsetDateTime("now"))
                        .flatMap(now -> retryChunk(transaction, organizer, now)
                                .flatMap(added -> count(transaction, organizer, now, added)
                                        .map(count -> new Started(added, count))))))
                .call(started -> queue.push(started.added))
                .map(Started::count);
    }

    private record Started(List<UUID> added, int count) {}

    private Uni<Integer> count(SqlConnection transaction, UUID organizer, OffsetDateTime failedBy, List<UUID> added) {
        return added.size() <= CHUNK
                ? Uni.createFrom().item(added.size())
                : failedJobs
                        .count(transaction, organizer, failedBy, COUNTED - CHUNK)
                        .map(rest -> CHUNK + rest);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        return Multi.createFrom()
                .iterable(jobs)
                .onItem()
                .transformToUniAndConcatenate(job -> retryChunk(
                        transaction,
                        requireNonNull(job.userId()),
                        job.createdAt().atOffset(ZoneOffset.UTC)))
                .collect()
                .in(ArrayList::new, List::addAll);
    }

    /** Retries a chunk and, if it is full, adds the job for the next one; returns the ids of all that it added. */
    private Uni<List<UUID>> retryChunk(SqlConnection transaction, UUID organizer, OffsetDateTime failedBy) {
        return transaction
                .query(Database.READ_IN_ORDER)
                .execute()
                .chain(() -> failedJobs.retry(transaction, organizer, failedBy, CHUNK))
                .flatMap(retried -> retried.size() < CHUNK
                        ? Uni.createFrom().item(retried)
                        : transaction
                                .preparedQuery(CONTINUE)
                                .execute(Tuple.of(KIND, organizer, failedBy))
                                .map(rows -> Stream.concat(
                                                retried.stream(),
                                                Rows.stream(rows).map(row -> row.getUUID("id")))
                                        .toList()));
    }
}
