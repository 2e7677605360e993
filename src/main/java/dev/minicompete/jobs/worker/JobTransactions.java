package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.telemetry.Tracing;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The transactions that do jobs and delete them, so that what a job does takes effect exactly once. Those of a first try commit
 * without waiting for the disk: should PostgreSQL lose the last of them, it has the jobs again that they did, and the relay
 * finds those. What leaves the system is done under a claim, and its end is on the disk.
 */
@ApplicationScoped
class JobTransactions {

    private final Pool pool;
    private final Outbox outbox;
    private final JobQueue queue;
    private final JobHandlers handlers;
    private final JobMetrics metrics;
    private final Tracing tracing;
    private final Duration lease;

    JobTransactions(
            Pool pool,
            Outbox outbox,
            JobQueue queue,
            JobHandlers handlers,
            JobMetrics metrics,
            Tracing tracing,
            JobsConfig config) {
        this.pool = pool;
        this.outbox = outbox;
        this.queue = queue;
        this.handlers = handlers;
        this.metrics = metrics;
        this.tracing = tracing;
        this.lease = config.lease();
    }

    /**
     * Does those of the jobs that nobody has tried yet, of kinds that go in batches, and returns which they were. The
     * transaction's own locks are the claim; when it fails, nothing has happened.
     */
    Uni<Set<UUID>> firstTry(Collection<UUID> ids) {
        return within(transaction -> outbox.takeUntried(transaction, ids, handlers.batchKinds())
                .flatMap(jobs -> {
                    var byKind = jobs.stream().collect(Collectors.groupingBy(Job::kind));
                    return Multi.createFrom()
                            .iterable(byKind.entrySet())
                            .onItem()
                            .transformToUniAndConcatenate(kind -> handle(
                                    transaction, handlers.of(kind.getKey()).orElseThrow(), kind.getValue()))
                            .collect()
                            .asList();
                }));
    }

    /** Does those of the jobs, all of the handler's kind, that are still under this lease. */
    Uni<Set<UUID>> finish(JobHandler handler, List<Job> jobs, UUID claim) {
        var ids = jobs.stream().map(Job::id).toList();
        return within(transaction -> outbox.finish(transaction, ids, claim)
                .map(owned ->
                        jobs.stream().filter(job -> owned.contains(job.id())).toList())
                .flatMap(owned -> owned.isEmpty()
                        ? Uni.createFrom().item(List.<Done>of())
                        : handle(transaction, handler, owned).map(List::of)));
    }

    /** What became of the jobs of one kind, and which jobs that added. */
    private record Done(String kind, List<Job> jobs, List<UUID> added, long nanos) {}

    private Uni<Done> handle(SqlConnection transaction, JobHandler handler, List<Job> jobs) {
        var started = System.nanoTime();
        var spans = JobSpans.begin(tracing, jobs);
        return handler.handle(transaction, spans.jobs())
                .onTermination()
                .invoke((done, failure, cancelled) -> spans.end(failure))
                .map(added -> new Done(handler.kind(), jobs, added, System.nanoTime() - started));
    }

    private Uni<Set<UUID>> within(Function<SqlConnection, Uni<List<Done>>> work) {
        return pool.withTransaction(work)
                .ifNoItem()
                .after(lease)
                .failWith(() -> Failures.timeout("PostgreSQL"))
                .invoke(all -> all.forEach(done -> metrics.done(done.kind, done.jobs.size(), done.nanos)))
                .call(all -> queue.push(added(all)))
                .map(all -> all.stream()
                        .flatMap(done -> done.jobs.stream())
                        .map(Job::id)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static List<UUID> added(List<Done> all) {
        var added = new ArrayList<UUID>();
        all.forEach(done -> added.addAll(done.added));
        return added;
    }
}
