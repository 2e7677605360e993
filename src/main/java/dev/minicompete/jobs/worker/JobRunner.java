package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.JobClaim;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.outbox.Outbox.Waiting;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Does the jobs of a batch of queue entries and decides which of them are retried. The loop is in {@link JobWorkerVerticle}. */
@ApplicationScoped
class JobRunner {

    private final QueueEntryFilter filter;
    private final JobQueue queue;
    private final Outbox outbox;
    private final JobTransactions transactions;
    private final JobHandlers handlers;
    private final JobCompleter completer;
    private final Duration lease;

    /** Claims that an outage interrupted and that are still to be released. */
    private final Queue<Interrupted> interrupted = new ConcurrentLinkedQueue<>();

    JobRunner(
            QueueEntryFilter filter,
            JobQueue queue,
            Outbox outbox,
            JobTransactions transactions,
            JobHandlers handlers,
            JobCompleter completer,
            JobsConfig config) {
        this.filter = filter;
        this.queue = queue;
        this.outbox = outbox;
        this.transactions = transactions;
        this.handlers = handlers;
        this.completer = completer;
        this.lease = config.lease();
    }

    /**
     * Works on ready entries in the list of the worker and moves those of slow kinds to the slow queue. Fails only if PostgreSQL
     * or Redis is unavailable.
     */
    Uni<Void> run(String worker, List<String> entries) {
        return run(worker, entries, this::tryAll);
    }

    /** Works on slow entries in the list of the worker. Fails only if PostgreSQL or Redis is unavailable. */
    Uni<Void> runSlow(String worker, List<String> entries) {
        return run(worker, entries, (claim, ids) -> runClaimed(claim, ids, null));
    }

    private Uni<Void> run(String worker, List<String> entries, BiFunction<JobClaim, Set<UUID>, Uni<Void>> work) {
        return filter.removeInvalid(worker, entries)
                .call(this::releaseInterrupted)
                .flatMap(ids -> work.apply(new JobClaim(worker, UUID.randomUUID()), ids));
    }

    /** Jobs of a claim whose attempt was interrupted. */
    private record Interrupted(UUID lease, List<UUID> ids) {}

    /** Tries all jobs in one transaction without a claim, since nearly all succeed. The others are claimed. */
    private Uni<Void> tryAll(JobClaim claim, Set<UUID> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transactions.firstTry(ids).onItemOrFailure().transformToUni((done, failure) -> {
            if (failure != null) {
                return Failures.isConnectionLost(failure)
                        ? Uni.createFrom().failure(failure)
                        : moveSlow(claim, ids).flatMap(rest -> runClaimed(claim, rest, failure));
            }
            var rest = new HashSet<>(ids);
            rest.removeAll(done);
            return queue.acknowledge(
                            claim.worker(), done.stream().map(UUID::toString).toList())
                    .chain(() -> moveSlow(claim, rest))
                    .flatMap(left -> runClaimed(claim, left, null));
        });
    }

    /** Moves jobs of slow kinds to their queue, where they delay no others; returns the other jobs. */
    private Uni<Set<UUID>> moveSlow(JobClaim claim, Set<UUID> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().item(ids);
        }
        return outbox.findClaimable(ids, handlers.slowKinds()).flatMap(slow -> {
            if (slow.isEmpty()) {
                return Uni.createFrom().item(ids);
            }
            var due = slow.stream()
                    .collect(Collectors.toMap(Waiting::id, job -> job.dueAt().toInstant()));
            var rest = new HashSet<>(ids);
            rest.removeAll(due.keySet());
            return queue.moveToSlow(claim.worker(), due).replaceWith(rest);
        });
    }

    /**
     * Claims the jobs that are due and not claimed, and works on them.
     *
     * @param failure the failure of the first try of all these jobs; null if it did not fail
     */
    private Uni<Void> runClaimed(JobClaim claim, Set<UUID> ids, @Nullable Throwable failure) {
        return runClaimed(claim, ids, failure, System.nanoTime());
    }

    /**
     * Claims and works until no job can be claimed, since jobs whose worker died are claimed one by one, for half of the lease. The others
     * keep their entries in the list of the worker, which takes them next.
     */
    private Uni<Void> runClaimed(JobClaim claim, Set<UUID> ids, @Nullable Throwable failure, long started) {
        if (ids.isEmpty() || isHalfOver(started)) {
            return Uni.createFrom().voidItem();
        }
        return outbox.claim(ids, claim.lease(), lease).flatMap(jobs -> {
            if (jobs.isEmpty()) {
                return filter.dropUnclaimed(claim.worker(), ids);
            }
            var rest = new HashSet<>(ids);
            jobs.forEach(job -> rest.remove(job.id()));
            return (failure == null ? runByKind(claim, jobs) : runAfterFirstTry(claim, ids, jobs, failure))
                    .onFailure()
                    .invoke(outage -> interrupted.add(new Interrupted(claim.lease(), uncounted(jobs))))
                    .chain(() -> runClaimed(claim, rest, null, started));
        });
    }

    private boolean isHalfOver(long started) {
        return System.nanoTime() - started > lease.toNanos() / 2;
    }

    /** An outage costs no attempt, except of jobs that may have had their effect outside of PostgreSQL. */
    private List<UUID> uncounted(List<Job> jobs) {
        return ids(jobs.stream()
                .filter(job -> !handlers.requiresOwnTransaction(job.kind()))
                .toList());
    }

    private Uni<Void> runByKind(JobClaim claim, List<Job> jobs) {
        return each(jobs.stream().collect(Collectors.groupingBy(Job::kind)).values(), group -> runKind(claim, group));
    }

    /** For a job that was alone, the first try was its attempt. */
    private Uni<Void> runAfterFirstTry(JobClaim claim, Set<UUID> tried, List<Job> jobs, Throwable failure) {
        var wasAlone = tried.size() == 1;
        return runOneByOne(
                claim,
                jobs,
                job -> wasAlone && job.attempts() == 1
                        ? completer.retryOrFail(claim, job, failure)
                        : runKind(claim, List.of(job)));
    }

    private Uni<Void> runKind(JobClaim claim, List<Job> jobs) {
        var exhausted = jobs.stream().filter(completer::isExhausted).toList();
        var fresh = new ArrayList<>(jobs);
        fresh.removeAll(exhausted);
        return each(exhausted, job -> completer.failExhausted(claim, job))
                .chain(() -> fresh.isEmpty() ? Uni.createFrom().voidItem() : attemptAll(claim, fresh));
    }

    private Uni<Void> attemptAll(JobClaim claim, List<Job> jobs) {
        var kind = jobs.get(0).kind();
        var handler = handlers.of(kind);
        if (handler.isEmpty()) {
            // A process of a newer version, which knows the kind, may take it while an upgrade rolls.
            return each(jobs, job -> completer.retryOrFail(claim, job, new JobFailure.UnknownKind(kind)));
        }
        return handler.get().requiresOwnTransaction()
                ? runOneByOne(claim, jobs, job -> attempt(claim, handler.get(), List.of(job)))
                : attempt(claim, handler.get(), jobs);
    }

    /** Does the jobs in one transaction; if that fails, in one transaction each, so that a bad job fails alone. */
    private Uni<Void> attempt(JobClaim claim, JobHandler handler, List<Job> jobs) {
        return (handler.performLimit().isZero()
                        ? transactions.finish(handler, jobs, claim.lease())
                        : transactions.perform(handler, jobs.get(0), claim.lease()))
                .onItemOrFailure()
                .transformToUni((done, failure) -> {
                    if (failure == null) {
                        // The jobs are done: a failure of Redis from here on is not a failed attempt.
                        return queue.acknowledge(
                                claim.worker(),
                                jobs.stream().map(job -> job.id().toString()).toList());
                    }
                    if (!handler.requiresOwnTransaction() && Failures.isConnectionLost(failure)) {
                        return Uni.createFrom().failure(failure);
                    }
                    return jobs.size() > 1
                            ? runOneByOne(claim, jobs, job -> attempt(claim, handler, List.of(job)))
                            : completer.retryOrFail(claim, jobs.get(0), failure);
                });
    }

    /**
     * Works on claimed jobs one after the other for half of the lease. The claims of the others are released; they keep their
     * entries in the list of the worker, which takes them next.
     */
    private Uni<Void> runOneByOne(JobClaim claim, List<Job> jobs, Function<Job, Uni<Void>> work) {
        var started = System.nanoTime();
        var left = new ArrayList<>(jobs);
        return each(jobs, job -> {
                    if (isHalfOver(started)) {
                        return Uni.createFrom().voidItem();
                    }
                    left.remove(job);
                    return work.apply(job);
                })
                .chain(() -> left.isEmpty() ? Uni.createFrom().voidItem() : outbox.release(ids(left), claim.lease()));
    }

    /** Releases the claims that an outage interrupted. */
    private Uni<Void> releaseInterrupted() {
        var next = interrupted.poll();
        return next == null
                ? Uni.createFrom().voidItem()
                : outbox.release(next.ids, next.lease)
                        .onFailure()
                        .invoke(() -> interrupted.add(next))
                        .chain(this::releaseInterrupted);
    }

    private static <T> Uni<Void> each(Collection<T> items, Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static List<UUID> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }
}
