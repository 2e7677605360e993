package dev.minicompete.registration;

import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.vertx.EndOfTurn;
import dev.minicompete.registration.RegistrationBatchRepository.Entry;
import dev.minicompete.registration.RegistrationOutcome.Registered;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Collects the registration requests of this process into batches, has them decided, and queues their jobs.
 *
 * <p>All competitions share a batch. If one of them is locked by another transaction for too long, the batch is repeated without it,
 * and its requests get a lane: a batcher of its own, which waits for that lock while the others go on. The lane ends with its first
 * batch that gets the lock.
 */
@ApplicationScoped
class RegistrationBatcher {

    private static final Logger LOG = Logger.getLogger(RegistrationBatcher.class);

    private final RegistrationBatchRepository repository;
    private final JobQueue queue;
    private final RegistrationConfig config;
    private final RegistrationMetrics metrics;
    private final Context context;

    /** Its results are null for entries whose competition is locked. */
    private final NaturalBatcher<Entry, @Nullable RegistrationOutcome> shared;

    /** By competition. */
    private final Map<UUID, NaturalBatcher<Entry, RegistrationOutcome>> lanes = new ConcurrentHashMap<>();

    RegistrationBatcher(
            Pool pool, JobQueue queue, RegistrationConfig config, RegistrationMetrics metrics, Vertx vertx) {
        this.repository = new RegistrationBatchRepository(pool, RegistrationBatchRepository.LOCK);
        this.queue = queue;
        this.config = config;
        this.metrics = metrics;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.shared = batcher(this::decideShared);
    }

    private <A> NaturalBatcher<Entry, A> batcher(Function<List<Entry>, Uni<List<A>>> work) {
        return new NaturalBatcher<>(context, config.batchSize(), config.waiting(), Entry::conflictKey, work);
    }

    /**
     * Has a command decided with the next batch.
     *
     * @param traceParent the W3C traceparent of the request; null when it is not traced
     */
    Uni<RegistrationOutcome> register(RegisterCommand command, @Nullable String traceParent) {
        var entry = Entry.of(command, traceParent);
        var lane = lanes.get(command.competitionId());
        if (lane != null) {
            return lane.submit(entry, config.deadline());
        }
        var started = System.nanoTime();
        return shared.submit(entry, config.deadline()).onItem().ifNull().switchTo(() -> registerLocked(entry, started));
    }

    /** Finds the registration that an earlier command with the same key made; null when there is none. */
    Uni<@Nullable RegistrationOutcome> findPrevious(RegisterCommand command) {
        return repository.findPrevious(command);
    }

    private Uni<RegistrationOutcome> registerLocked(Entry entry, long started) {
        var lane = laneOf(entry.command().competitionId());
        return lane == null
                ? Uni.createFrom().failure(Failures.unavailable())
                : lane.submit(entry, config.deadline().minusNanos(System.nanoTime() - started));
    }

    /** The lane of this competition, which is new if it has none; null if there are too many. */
    private synchronized @Nullable NaturalBatcher<Entry, RegistrationOutcome> laneOf(UUID competition) {
        if (areLanesFull()) {
            lanes.values().removeIf(NaturalBatcher::isIdle);
        }
        return areLanesFull()
                ? lanes.get(competition)
                : lanes.computeIfAbsent(competition, id -> batcher(entries -> decideInLane(id, entries)));
    }

    private boolean areLanesFull() {
        return lanes.size() >= config.lanes();
    }

    /** While further competitions cannot get a lane, no batch waits for a lock. */
    private Uni<List<@Nullable RegistrationOutcome>> decideShared(List<Entry> entries) {
        Uni<List<@Nullable RegistrationOutcome>> decided = areLanesFull()
                ? repository.registerUnlocked(entries)
                : repository
                        .register(entries, true)
                        .onFailure(Failures::isContended)
                        .recoverWithUni(() -> repository.registerUnlocked(entries));
        return inTime(entries, decided);
    }

    /** If the competition is still locked, all that wait for it fail, not only this batch: they have waited as long. */
    private Uni<List<RegistrationOutcome>> decideInLane(UUID competition, List<Entry> entries) {
        return inTime(entries, repository.register(entries, false))
                .invoke(() -> lanes.remove(competition))
                .onFailure(Failures::isContended)
                .transform(locked -> Failures.timeout("The transaction that locks the competition " + competition));
    }

    private <A extends @Nullable RegistrationOutcome> Uni<List<A>> inTime(List<Entry> entries, Uni<List<A>> decided) {
        var started = System.nanoTime();
        return decided.invoke(() -> metrics.committed(System.nanoTime() - started))
                .ifNoItem()
                .after(config.databaseTimeout())
                .failWith(() -> Failures.timeout("PostgreSQL"))
                .invoke(outcomes -> EndOfTurn.atEndOf(context, () -> push(entries, outcomes)));
    }

    /** Runs after the responses, which do not depend on it. The outbox relay finds jobs whose push failed. */
    private void push(List<Entry> entries, List<? extends @Nullable RegistrationOutcome> outcomes) {
        var jobs = new ArrayList<UUID>();
        for (var i = 0; i < entries.size(); i++) {
            var outcome = outcomes.get(i);
            if (outcome instanceof Registered registered && !registered.isReplayed()) {
                jobs.add(entries.get(i).jobId());
            }
        }
        queue.push(jobs)
                .subscribe()
                .with(pushed -> {}, failure -> LOG.error("A push to the job queue failed unexpectedly", failure));
    }
}
