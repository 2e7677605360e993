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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Runs the loops of the worker: some that take batches from the queue and pass them to the {@link JobRunner}, one for
 * maintenance, and one for the gauges.
 */
@Dependent
class JobWorkerVerticle extends AbstractVerticle {

    private static final Logger LOG = Logger.getLogger(JobWorkerVerticle.class);

    /** How long a loop waits for an entry; stopping may take as long. */
    private static final Duration FETCH_WAIT = Duration.ofSeconds(1);

    /** Longer than the time limits of all steps of an iteration. */
    private static final Duration STALLED = Duration.ofMinutes(2);

    private static final int WAKE_CHUNK = 1_000;

    /** Wait after a failure of PostgreSQL or Redis. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final JobQueue queue;
    private final JobRunner runner;
    private final OutboxRelay relay;
    private final JobRescuer rescuer;
    private final QueueGauges gauges;
    private final JobsConfig config;
    private final List<String> workers;
    private final List<Uni<Void>> loops = new ArrayList<>();
    private final Set<UniEmitter<? super Void>> sleeping = ConcurrentHashMap.newKeySet();
    private volatile long lastIteration = System.nanoTime();
    private volatile boolean stopping;
    private final Set<Object> failingLoops = new HashSet<>();

    JobWorkerVerticle(
            JobQueue queue,
            JobRunner runner,
            OutboxRelay relay,
            JobRescuer rescuer,
            QueueGauges gauges,
            JobsConfig config) {
        this.queue = queue;
        this.runner = runner;
        this.relay = relay;
        this.rescuer = rescuer;
        this.gauges = gauges;
        this.config = config;
        var process = ManagementFactory.getRuntimeMXBean().getName() + "-" + Long.toString(System.nanoTime(), 36);
        this.workers = IntStream.range(0, config.parallel())
                .mapToObj(loop -> process + "-" + loop)
                .toList();
    }

    @Override
    public Uni<Void> asyncStart() {
        workers.forEach(worker -> start(() -> fetchAndRun(worker)));
        start(() -> maintain().chain(() -> sleep(config.maintenanceInterval())));
        start(() -> gauges.refresh().chain(() -> sleep(config.gaugeInterval())));
        return Uni.createFrom().voidItem();
    }

    /** Takes no more entries, finishes running batches and returns the other entries to the queue. */
    @Override
    public Uni<Void> asyncStop() {
        stopping = true;
        sleeping.forEach(this::wake);
        return Uni.join()
                .all(loops)
                .andFailFast()
                .chain(() -> Uni.join()
                        .all(workers.stream().map(this::leave).toList())
                        .andCollectFailures())
                .replaceWithVoid();
    }

    private void start(Supplier<Uni<Void>> step) {
        var ended = new CompletableFuture<Void>();
        loops.add(Uni.createFrom().completionStage(ended));
        loop(step, ended);
    }

    /** Whether the loops are running, even if they only wait for PostgreSQL or Redis. */
    boolean isRunning() {
        return !stopping && System.nanoTime() - lastIteration < STALLED.toNanos();
    }

    private void loop(Supplier<Uni<Void>> step, CompletableFuture<Void> ended) {
        if (stopping) {
            ended.complete(null);
            return;
        }
        lastIteration = System.nanoTime();
        step.get()
                .invoke(() -> recovered(step))
                .onFailure()
                .recoverWithUni(failure -> pause(step, failure))
                .subscribe()
                .with(done -> context.runOnContext(ignored -> loop(step, ended)), ended::completeExceptionally);
    }

    private Uni<Void> fetchAndRun(String worker) {
        return queue.take(worker, config.batchSize())
                .flatMap(entries -> entries.isEmpty()
                        ? queue.await(worker, FETCH_WAIT)
                        : Uni.createFrom().item(entries))
                .flatMap(entries -> entries.isEmpty() ? Uni.createFrom().voidItem() : runner.run(worker, entries))
                .onFailure()
                .call(failure -> queue.handBack(worker));
    }

    private Uni<Void> maintain() {
        return Uni.join()
                .all(workers.stream()
                        .map(worker -> queue.heartbeat(worker, config.heartbeatTimeout()))
                        .toList())
                .andFailFast()
                .chain(() -> queue.wakeDelayed(WAKE_CHUNK))
                .chain(rescuer::rescue)
                .chain(relay::relay)
                .replaceWithVoid();
    }

    private Uni<Void> leave(String worker) {
        return queue.handBack(worker).chain(() -> queue.removeWorker(worker));
    }

    /** All loops notice an outage; only the first logs it. */
    private Uni<Void> pause(Object loop, Throwable failure) {
        if (failingLoops.isEmpty()) {
            LOG.warnf("The job worker pauses until PostgreSQL and Redis answer again: %s", failure);
        }
        failingLoops.add(loop);
        return sleep(PAUSE);
    }

    private void recovered(Object loop) {
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
