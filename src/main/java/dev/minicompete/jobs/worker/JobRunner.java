package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.JobClaim;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Does the jobs of a batch of queue entries and decides which of them are retried. The loop is in {@link JobWorkerVerticle}. */
@ApplicationScoped
class JobRunner {

    /** Time limit for a batch of jobs with a transaction each; much less than the lease. */
    private static final Duration ONE_BY_ONE_LIMIT = Duration.ofSeconds(5);

    private final QueueEntryFilter sweeper;
    private final JobQueue queue;
    private final Outbox outbox;
    private final JobTransactions transactions;
    private final JobHandlers handlers;
    private final JobCompleter completer;
    private final Duration lease;

    /** Permits for batches of jobs with a transaction each, which may be slow: one loop is always left for other batches. */
    private final Semaphore oneByOnePermits;

    /** Claims that an outage interrupted and that are still to be released. */
    private final Queue<Interrupted> interrupted = new ConcurrentLinkedQueue<>();

    JobRunner(
            QueueEntryFilter sweeper,
            JobQueue queue,
            Outbox outbox,
            JobTransactions transactions,
            JobHandlers handlers,
            JobCompleter completer,
            JobsConfig config) {
        this.sweeper = sweeper;
        this.queue = queue;
        this.outbox = outbox;
        this.transactions = transactions;
        this.handlers = handlers;
        this.completer = completer;
        this.lease = config.lease();
        this.oneByOnePermits = new Semaphore(Math.max(1, config.parallel() - 1));
    }

    /** Works on entries in the list of the worker. Fails only if PostgreSQL or Redis is unavailable. */
    Uni<Void> run(String worker, List<String> entries) {
        return sweeper.removeInvalid(worker, entries)
                .flatMap(ids -> ids.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : runAll(new JobClaim(worker, UUID.randomUUID()), ids));
    }

    /** Jobs of a claim whose attempt was interrupted. */
    private record Interrupted(UUID lease, List<UUID> ids) {}

    /** Tries all jobs in one transaction without a claim, since nearly all succeed. The others are claimed. */
    private Uni<Void> runAll(JobClaim claim, Set<UUID> ids) {
        return releaseInterrupted()
                .chain(() -> transactions.firstTry(ids))
                .onItemOrFailure()
                .transformToUni((done, failure) -> {
                    if (failure != null) {
                        return Failures.isConnectionLost(failure)
                                ? Uni.createFrom().failure(failure)
                                : runClaimed(claim, ids, failure);
                    }
                    var rest = new HashSet<>(ids);
                    rest.removeAll(done);
                    return queue.acknowledge(
                                    claim.worker(),
                                    done.stream().map(UUID::toString).toList())
                            .chain(() -> rest.isEmpty() ? Uni.createFrom().voidItem() : runClaimed(claim, rest, null));
                });
    }

    /**
     * Claims the jobs that are due and not claimed, and works on them.
     *
     * @param failure the failure of the first try of all these jobs; null if it did not fail
     */
    private Uni<Void> runClaimed(JobClaim claim, Set<UUID> ids, @Nullable Throwable failure) {
        return outbox.claim(ids, claim.lease(), lease).flatMap(jobs -> {
            var unclaimed = new HashSet<>(ids);
            jobs.forEach(job -> unclaimed.remove(job.id()));
            return (failure == null ? runByKind(claim, jobs) : runAfterFirstTry(claim, ids, jobs, failure))
                    .chain(() -> sweeper.dropUnclaimed(claim.worker(), unclaimed));
        });
    }

    private Uni<Void> runByKind(JobClaim claim, List<Job> jobs) {
        var byKind = jobs.stream().collect(Collectors.groupingBy(Job::kind)).values().stream()
                .sorted(Comparator.comparing(this::requiresOwnTransaction))
                .toList();
        return each(byKind, group -> runKind(claim, group));
    }

    /** Tries each job alone, so that a bad job fails alone. For a job that was alone, the first try was its attempt. */
    private Uni<Void> runAfterFirstTry(JobClaim claim, Set<UUID> tried, List<Job> jobs, Throwable failure) {
        var wasAlone = tried.size() == 1;
        return each(
                jobs,
                job -> wasAlone && job.attempts() == 1
                        ? completer.retryOrFail(claim, job, failure)
                        : runKind(claim, List.of(job)));
    }

    private Uni<Void> runKind(JobClaim claim, List<Job> jobs) {
        var kind = jobs.get(0).kind();
        var handler = handlers.of(kind);
        if (handler.isEmpty()) {
            return each(jobs, job -> completer.moveToFailed(claim, job, "Unknown kind " + kind));
        }
        var exhausted = jobs.stream().filter(completer::isExhausted).toList();
        var fresh = new ArrayList<>(jobs);
        fresh.removeAll(exhausted);
        return each(exhausted, job -> completer.moveToFailed(claim, job, "The worker died at each attempt"))
                .chain(() -> fresh.isEmpty() ? Uni.createFrom().voidItem() : attemptAll(claim, handler.get(), fresh));
    }

    private Uni<Void> attemptAll(JobClaim claim, JobHandler handler, List<Job> jobs) {
        if (!handler.requiresOwnTransaction()) {
            return attempt(claim, handler, jobs);
        }
        if (!oneByOnePermits.tryAcquire()) {
            return each(jobs, job -> completer.release(claim, job));
        }
        var started = System.nanoTime();
        return each(
                        jobs,
                        job -> System.nanoTime() - started < ONE_BY_ONE_LIMIT.toNanos()
                                ? attempt(claim, handler, List.of(job))
                                : completer.release(claim, job))
                .onTermination()
                .invoke(oneByOnePermits::release);
    }

    private boolean requiresOwnTransaction(List<Job> jobs) {
        return handlers.of(jobs.get(0).kind())
                .filter(JobHandler::requiresOwnTransaction)
                .isPresent();
    }

    /** Does the jobs in one transaction; if that fails, in one transaction each, so that a bad job fails alone. */
    private Uni<Void> attempt(JobClaim claim, JobHandler handler, List<Job> jobs) {
        return transactions
                .finish(handler, jobs, claim.lease())
                .onItemOrFailure()
                .transformToUni((done, failure) -> {
                    if (failure == null) {
                        // The jobs are done: a failure of Redis from here on is not a failed attempt.
                        return queue.acknowledge(claim.worker(), entries(jobs));
                    }
                    if (!handler.requiresOwnTransaction() && Failures.isConnectionLost(failure)) {
                        interrupted.add(new Interrupted(claim.lease(), ids(jobs)));
                        return Uni.createFrom().failure(failure);
                    }
                    return jobs.size() > 1
                            ? each(jobs, job -> attempt(claim, handler, List.of(job)))
                            : completer.retryOrFail(claim, jobs.get(0), failure);
                });
    }

    /** Releases the claims that an outage interrupted. */
    private Uni<Void> releaseInterrupted() {
        var next = interrupted.poll();
        return next == null
                ? Uni.createFrom().voidItem()
                : outbox.releaseAll(next.ids, next.lease)
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

    private static List<String> entries(List<Job> jobs) {
        return jobs.stream().map(job -> job.id().toString()).toList();
    }
}
