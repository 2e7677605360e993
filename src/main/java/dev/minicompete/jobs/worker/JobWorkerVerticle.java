package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.jobs.queue.QueueGauges;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.mutiny.vertx.core.AbstractVerticle;
import jakarta.enterprise.context.Dependent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs the loops of the worker: some that take batches of ready entries and some that take slow entries, which they pass to the
 * {@link JobRunner}, one for maintenance, and one for the gauges. A loop that takes entries has its own list and its own
 * heartbeat, which stops when the loop hangs.
 */
@Dependent
class JobWorkerVerticle extends AbstractVerticle {

    private static final Logger LOG = Logger.getLogger(JobWorkerVerticle.class);

    /** How long a loop waits for an entry; stopping may take as long. */
    private static final Duration FETCH_WAIT = Duration.ofSeconds(1);

    /** Heartbeats within the time after which a worker counts as dead; one may be lost. */
    private static final int BEATS = 3;

    private static final int WAKE_CHUNK = 1_000;

    /** Wait after a failure of PostgreSQL or Redis. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JobQueue queue;
    private final JobRunner runner;
    private final OutboxRelay relay;
    private final JobRescuer rescuer;
    private final QueueGauges gauges;
    private final JobHandlers handlers;
    private final JobsConfig config;
    private final List<JobLoop> loops = new CopyOnWriteArrayList<>();
    private final Set<UniEmitter<? super Void>> sleeping = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private final Set<JobLoop> failingLoops = new HashSet<>();
    private final Set<JobLoop> reported = new HashSet<>();

    JobWorkerVerticle(
            JobQueue queue,
            JobRunner runner,
            OutboxRelay relay,
            JobRescuer rescuer,
            QueueGauges gauges,
            JobHandlers handlers,
            JobsConfig config) {
        this.queue = queue;
        this.runner = runner;
        this.relay = relay;
        this.rescuer = rescuer;
        this.gauges = gauges;
        this.handlers = handlers;
        this.config = config;
    }

    @Override
    public Uni<Void> asyncStart() {
        var process = ManagementFactory.getRuntimeMXBean().getName() + "-" + Long.toString(System.nanoTime(), 36);
        var stallTimeout = config.stallTimeout().plus(FETCH_WAIT);
        for (var i = 0; i < config.parallel(); i++) {
            var worker = process + "-" + i;
            start(new JobLoop(worker, true, stallTimeout, () -> run(worker, takeReady(worker), runner::run)));
        }
        var slowStallTimeout = stallTimeout.plus(handlers.longestPerformLimit());
        for (var i = 0; i < config.slowParallel(); i++) {
            var worker = process + "-slow-" + i;
            start(new JobLoop(worker, true, slowStallTimeout, () -> run(worker, takeSlow(worker), runner::runSlow)));
        }
        startPeriodic("maintenance", config.maintenanceInterval(), this::maintain);
        startPeriodic("gauges", config.gaugeInterval(), gauges::refresh);
        vertx.setPeriodic(config.heartbeatTimeout().toMillis() / BEATS, tick -> beat());
        return Uni.createFrom().voidItem();
    }

    /** Takes no more entries, finishes running batches, returns the other entries to the queue, and leads no longer. */
    @Override
    public Uni<Void> asyncStop() {
        stopping = true;
        sleeping.forEach(this::wake);
        return Uni.join()
                .all(loops.stream()
                        .map(loop -> loop.ended().chain(() -> leave(loop)))
                        .toList())
                .andCollectFailures()
                .eventually(queue::resign)
                .replaceWithVoid();
    }

    /** The names of the loops that hang. Waiting for PostgreSQL or Redis does not count. */
    List<String> stalledLoops() {
        return loops.stream().filter(JobLoop::isStalled).map(JobLoop::name).toList();
    }

    boolean isStopping() {
        return stopping;
    }

    private void startPeriodic(String name, Duration interval, Supplier<Uni<Void>> step) {
        start(new JobLoop(
                name,
                false,
                config.stallTimeout().plus(interval),
                () -> step.get().chain(() -> sleep(interval))));
    }

    private void start(JobLoop loop) {
        loops.add(loop);
        repeat(loop);
    }

    private void repeat(JobLoop loop) {
        if (stopping) {
            loop.end();
            return;
        }
        loop.round()
                .invoke(() -> recovered(loop))
                .onFailure()
                .recoverWithUni(failure -> pause(loop, failure))
                .subscribe()
                .with(done -> context.runOnContext(ignored -> repeat(loop)), failure -> loop.end());
    }

    private Uni<List<String>> takeReady(String worker) {
        return queue.take(worker, config.batchSize())
                .flatMap(entries -> entries.isEmpty()
                        ? queue.await(worker, FETCH_WAIT)
                        : Uni.createFrom().item(entries));
    }

    private Uni<List<String>> takeSlow(String worker) {
        return queue.takeSlow(worker)
                .call(entries ->
                        entries.isEmpty() ? sleep(FETCH_WAIT) : Uni.createFrom().voidItem());
    }

    private Uni<Void> run(String worker, Uni<List<String>> taken, BiFunction<String, List<String>, Uni<Void>> work) {
        return taken.flatMap(entries -> entries.isEmpty() ? Uni.createFrom().voidItem() : work.apply(worker, entries))
                .onFailure()
                .call(failure -> queue.handBack(worker));
    }

    /** Wakes all delayed entries that are due before it looks for lost jobs, so that none of them counts as lost. */
    private Uni<Void> maintain() {
        return queue.lead()
                .flatMap(leads -> leads
                        ? queue.wakeDelayed(WAKE_CHUNK)
                                .flatMap(woken -> woken == WAKE_CHUNK
                                        ? maintain()
                                        : rescuer.rescue().chain(relay::relay).replaceWithVoid())
                        : Uni.createFrom().voidItem());
    }

    private void beat() {
        for (var loop : loops) {
            var stalled = loop.isStalled();
            if (stalled && reported.add(loop)) {
                LOG.errorf("The loop %s of the job worker hangs; others take over its entries", loop.name());
            } else if (!stalled && reported.remove(loop)) {
                LOG.warnf("The loop %s of the job worker goes on", loop.name());
            }
            if (!stalled && loop.takesEntries() && !loop.hasEnded()) {
                queue.heartbeat(loop.name(), config.heartbeatTimeout())
                        .subscribe()
                        .with(sent -> {}, failure -> LOG.debugf("A heartbeat was not sent: %s", failure));
            }
        }
    }

    private Uni<Void> leave(JobLoop loop) {
        return loop.takesEntries()
                ? queue.handBack(loop.name()).chain(() -> queue.removeWorker(loop.name()))
                : Uni.createFrom().voidItem();
    }

    /** All loops notice an outage; only the first logs it. */
    private Uni<Void> pause(JobLoop loop, Throwable failure) {
        if (failingLoops.isEmpty()) {
            LOG.warnf("The job worker pauses until PostgreSQL and Redis answer again: %s", failure);
        }
        failingLoops.add(loop);
        return sleep(PAUSE);
    }

    private void recovered(JobLoop loop) {
        if (failingLoops.remove(loop) && failingLoops.isEmpty()) {
            LOG.info("The job worker resumes");
        }
    }

    /** Ends early when the worker stops. */
    private Uni<Void> sleep(Duration duration) {
        return Uni.createFrom().emitter(sleeper -> {
            sleeping.add(sleeper);
            vertx.setTimer(duration.toMillis(), over -> wake(sleeper));
            if (stopping) {
                wake(sleeper);
            }
        });
    }

    private void wake(UniEmitter<? super Void> sleeper) {
        sleeping.remove(sleeper);
        sleeper.complete(null);
    }
}
