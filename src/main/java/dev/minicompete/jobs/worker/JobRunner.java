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

/** Works on entries that a worker took, and decides which are tried again or given up. It has no loop. */
@ApplicationScoped
class JobRunner {

    /** How long a batch of jobs that go one by one is worked on; far from the lease. */
    private static final Duration ONE_BY_ONE_LIMIT = Duration.ofSeconds(5);

    private final QueueSweeper sweeper;
    private final JobQueue queue;
    private final Outbox outbox;
    private final JobTransactions transactions;
    private final JobHandlers handlers;
    private final JobCompleter endings;
    private final Duration lease;

    /** For jobs that go one by one, and so wait for somebody else each time: a batch of others always finds a worker. */
    private final Semaphore slow;

    /** Jobs that an outage kept from being given back; their attempt did not count. */
    private final Queue<Interrupted> interrupted = new ConcurrentLinkedQueue<>();

    JobRunner(
            QueueSweeper sweeper,
            JobQueue queue,
            Outbox outbox,
            JobTransactions transactions,
            JobHandlers handlers,
            JobCompleter endings,
            JobsConfig config) {
        this.sweeper = sweeper;
        this.queue = queue;
        this.outbox = outbox;
        this.transactions = transactions;
        this.handlers = handlers;
        this.endings = endings;
        this.lease = config.lease();
        this.slow = new Semaphore(Math.max(1, config.parallel() - 1));
    }

    /** Works on entries that stand in the worker's list. Fails only when PostgreSQL or Redis does. */
    Uni<Void> run(String worker, List<String> entries) {
        return sweeper.keepReadable(worker, entries)
                .flatMap(ids -> ids.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : runAll(new JobClaim(worker, UUID.randomUUID()), ids));
    }

    /** Jobs under a lease that were not tried to their end. */
    private record Interrupted(UUID lease, List<UUID> ids) {}

    /** Nearly every job succeeds at its first try, which needs no claim. Only what is left of those is looked at closely. */
    private Uni<Void> runAll(JobClaim claim, Set<UUID> ids) {
        return resume().chain(() -> transactions.firstTry(ids))
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
     * Claims those of the jobs that can be had and works on them.
     *
     * @param failure of a first try of them all, or null
     */
    private Uni<Void> runClaimed(JobClaim claim, Set<UUID> ids, Throwable failure) {
        return outbox.claim(ids, claim.lease(), lease).flatMap(jobs -> {
            var unclaimed = new HashSet<>(ids);
            jobs.forEach(job -> unclaimed.remove(job.id()));
            return (failure == null ? runByKind(claim, jobs) : runAfterFirstTry(claim, ids, jobs, failure))
                    .chain(() -> sweeper.settle(claim.worker(), unclaimed));
        });
    }

    private Uni<Void> runByKind(JobClaim claim, List<Job> jobs) {
        var byKind = jobs.stream().collect(Collectors.groupingBy(Job::kind)).values().stream()
                .sorted(Comparator.comparing(this::requiresOwnTransaction))
                .toList();
        return each(byKind, group -> runKind(claim, group));
    }

    /** Each by itself, so that a bad job does not take the others with it. One that was alone has had its attempt. */
    private Uni<Void> runAfterFirstTry(JobClaim claim, Set<UUID> tried, List<Job> jobs, Throwable failure) {
        var wasAlone = tried.size() == 1;
        return each(
                jobs,
                job -> wasAlone && job.attempts() == 1
                        ? endings.retryOrBury(claim, job, failure)
                        : runKind(claim, List.of(job)));
    }

    private Uni<Void> runKind(JobClaim claim, List<Job> jobs) {
        var kind = jobs.get(0).kind();
        var handler = handlers.of(kind);
        if (handler.isEmpty()) {
            return each(jobs, job -> endings.moveToFailed(claim, job, "Nothing here knows the kind " + kind));
        }
        var spent = jobs.stream().filter(endings::isExhausted).toList();
        var fresh = new ArrayList<>(jobs);
        fresh.removeAll(spent);
        return each(spent, job -> endings.moveToFailed(claim, job, "Each attempt ended with the worker's death"))
                .chain(() -> fresh.isEmpty() ? Uni.createFrom().voidItem() : attemptAll(claim, handler.get(), fresh));
    }

    private Uni<Void> attemptAll(JobClaim claim, JobHandler handler, List<Job> jobs) {
        if (!handler.requiresOwnTransaction()) {
            return attempt(claim, handler, jobs);
        }
        if (!slow.tryAcquire()) {
            return each(jobs, job -> endings.release(claim, job));
        }
        var started = System.nanoTime();
        return each(
                        jobs,
                        job -> System.nanoTime() - started < ONE_BY_ONE_LIMIT.toNanos()
                                ? attempt(claim, handler, List.of(job))
                                : endings.release(claim, job))
                .onTermination()
                .invoke(slow::release);
    }

    private boolean requiresOwnTransaction(List<Job> jobs) {
        return handlers.of(jobs.get(0).kind())
                .filter(JobHandler::requiresOwnTransaction)
                .isPresent();
    }

    /** One transaction for all; where that fails, one for each, so that a bad job does not take the others with it. */
    private Uni<Void> attempt(JobClaim claim, JobHandler handler, List<Job> jobs) {
        return transactions
                .finish(handler, jobs, claim.lease())
                .onItemOrFailure()
                .transformToUni((done, failure) -> {
                    if (failure == null) {
                        // Should Redis fail now, the jobs are done all the same: that is no failed attempt.
                        return queue.acknowledge(claim.worker(), entries(jobs));
                    }
                    if (!handler.requiresOwnTransaction() && Failures.isConnectionLost(failure)) {
                        interrupted.add(new Interrupted(claim.lease(), ids(jobs)));
                        return Uni.createFrom().failure(failure);
                    }
                    return jobs.size() > 1
                            ? each(jobs, job -> attempt(claim, handler, List.of(job)))
                            : endings.retryOrBury(claim, jobs.get(0), failure);
                });
    }

    /** Gives back what an outage interrupted, now that PostgreSQL answers again. */
    private Uni<Void> resume() {
        var next = interrupted.poll();
        return next == null
                ? Uni.createFrom().voidItem()
                : outbox.releaseAll(next.ids, next.lease)
                        .onFailure()
                        .invoke(() -> interrupted.add(next))
                        .chain(this::resume);
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
