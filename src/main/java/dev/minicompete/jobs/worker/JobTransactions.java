package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.telemetry.TraceParents;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Does jobs and deletes them in one transaction, so that each takes effect exactly once. The transaction of a first try
 * commits without waiting for the disk: if PostgreSQL loses it, the jobs are there again and the relay finds them. Jobs with
 * effects outside of PostgreSQL have these before the transaction, under a claim, whose commit waits for the disk.
 */
@ApplicationScoped
class JobTransactions {

    /** Pauses between the repetitions of a transaction. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LAST_PAUSE = Duration.ofSeconds(1);

    private final Pool pool;
    private final Outbox outbox;
    private final JobQueue queue;
    private final JobHandlers handlers;
    private final JobMetrics metrics;
    private final TraceParents tracing;
    private final Duration timeout;
    private final Duration lease;

    JobTransactions(
            Pool pool,
            Outbox outbox,
            JobQueue queue,
            JobHandlers handlers,
            JobMetrics metrics,
            TraceParents tracing,
            JobsConfig config) {
        this.pool = pool;
        this.outbox = outbox;
        this.queue = queue;
        this.handlers = handlers;
        this.metrics = metrics;
        this.tracing = tracing;
        this.timeout = config.handlerTimeout();
        this.lease = config.lease();
    }

    /**
     * Does the jobs that were never tried and that can share a transaction, and returns their ids. The row locks of the
     * transaction take the place of a claim. If it fails nothing has changed.
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

    /** Does the jobs, all of one kind, that are still claimed with this token, and returns their ids. */
    Uni<Set<UUID>> finish(JobHandler handler, List<Job> jobs, UUID token) {
        return finish(jobs, token, (transaction, owned) -> handle(transaction, handler, owned));
    }

    /**
     * Has the effect of a job outside of PostgreSQL, if it is still claimed with this token, and then deletes it. The claim lasts for as
     * long as the effect may take and the usual time on top. If PostgreSQL goes away in the meantime, the transaction is repeated for the
     * rest of the claim, and not the effect.
     */
    Uni<Set<UUID>> perform(JobHandler handler, Job job, UUID token) {
        var started = System.nanoTime();
        var limit = handler.performLimit();
        var claim = limit.plus(lease);
        return outbox.extend(job.id(), token, claim)
                .flatMap(claimed -> claimed
                        ? observe(
                                List.of(job),
                                limit.plus(timeout),
                                observed -> handler.perform(observed.get(0)).replaceWith(observed))
                        : Uni.createFrom().item(List.<Job>of()))
                .flatMap(performed -> finish(
                                performed,
                                token,
                                (transaction, owned) -> handler.handle(transaction, owned)
                                        .map(added -> new Done(job.kind(), owned, added, System.nanoTime() - started)))
                        .onFailure()
                        .retry()
                        .withBackOff(FIRST_PAUSE, LAST_PAUSE)
                        .expireIn(claim.toMillis()
                                - Duration.ofNanos(System.nanoTime() - started).toMillis()));
    }

    private Uni<Set<UUID>> finish(List<Job> jobs, UUID token, BiFunction<SqlConnection, List<Job>, Uni<Done>> work) {
        var ids = jobs.stream().map(Job::id).toList();
        return within(transaction -> outbox.finish(transaction, ids, token)
                .map(owned ->
                        jobs.stream().filter(job -> owned.contains(job.id())).toList())
                .flatMap(owned -> owned.isEmpty()
                        ? Uni.createFrom().item(List.<Done>of())
                        : work.apply(transaction, owned).map(List::of)));
    }

    /** Jobs of one kind that were done, and the ids of the jobs that they added. */
    private record Done(String kind, List<Job> jobs, List<UUID> added, long nanos) {}

    private Uni<Done> handle(SqlConnection transaction, JobHandler handler, List<Job> jobs) {
        var started = System.nanoTime();
        return observe(jobs, timeout, observed -> handler.handle(transaction, observed))
                .map(added -> new Done(jobs.get(0).kind(), jobs, added, System.nanoTime() - started));
    }

    /** Does something with jobs within their spans and a time limit. */
    private <T> Uni<T> observe(List<Job> jobs, Duration limit, Function<List<Job>, Uni<T>> work) {
        var spans = JobSpans.begin(tracing, jobs);
        return work.apply(spans.jobs())
                .ifNoItem()
                .after(limit)
                .fail()
                .onFailure(JobFailure::isTimeout)
                .transform(late -> new JobFailure.HandlerTimeout())
                .onTermination()
                .invoke((done, failure, cancelled) -> spans.end(failure));
    }

    private Uni<Set<UUID>> within(Function<SqlConnection, Uni<List<Done>>> work) {
        return pool.withTransaction(work)
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
