package dev.minicompete.registration;

import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.vertx.EndOfTurn;
import dev.minicompete.registration.RegistrationBatchRepository.Entry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Collects the registration requests of this process into batches, has them decided, and queues their jobs. */
@ApplicationScoped
class RegistrationBatcher {

    private static final Logger LOG = Logger.getLogger(RegistrationBatcher.class);

    private final RegistrationBatchRepository repository;
    private final JobQueue queue;
    private final RegistrationConfig config;
    private final RegistrationMetrics metrics;
    private final NaturalBatcher<Entry, RegistrationOutcome> batcher;
    private final Context context;

    RegistrationBatcher(
            Pool pool, JobQueue queue, RegistrationConfig config, RegistrationMetrics metrics, Vertx vertx) {
        this.repository = new RegistrationBatchRepository(pool, RegistrationBatchRepository.LOCK);
        this.queue = queue;
        this.config = config;
        this.metrics = metrics;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.batcher =
                new NaturalBatcher<>(context, config.batchSize(), config.waiting(), Entry::conflictKey, this::decide);
    }

    /**
     * Has a command decided with the next batch.
     *
     * @param traceParent the W3C traceparent of the request; null when it is not traced
     */
    Uni<RegistrationOutcome> register(RegisterCommand command, @Nullable String traceParent) {
        return batcher.submit(Entry.of(command, traceParent));
    }

    /** Finds the registration that an earlier command with the same key made; null when there is none. */
    Uni<@Nullable RegistrationOutcome> findPrevious(RegisterCommand command) {
        return repository.findPrevious(command);
    }

    private Uni<List<RegistrationOutcome>> decide(List<Entry> entries) {
        var started = System.nanoTime();
        return repository
                .register(entries)
                .invoke(() -> metrics.committed(System.nanoTime() - started))
                .ifNoItem()
                .after(config.databaseTimeout())
                .failWith(() -> Failures.timeout("PostgreSQL"))
                .invoke(outcomes -> EndOfTurn.atEndOf(context, () -> push(entries, outcomes)));
    }

    /** Runs after the responses, which do not depend on it. The outbox relay finds jobs whose push failed. */
    private void push(List<Entry> entries, List<RegistrationOutcome> outcomes) {
        var jobs = new ArrayList<UUID>();
        for (var i = 0; i < entries.size(); i++) {
            switch (outcomes.get(i).decision()) {
                case CONFIRMED, WAITLISTED -> jobs.add(entries.get(i).jobId());
                default -> {}
            }
        }
        queue.push(jobs)
                .subscribe()
                .with(pushed -> {}, failure -> LOG.error("A push to the job queue failed unexpectedly", failure));
    }
}
