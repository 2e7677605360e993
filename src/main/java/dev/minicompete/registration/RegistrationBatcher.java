package dev.minicompete.registration;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.vertx.EventLoopTurn;
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

/** Gives the seats: gathers the process's registrations into batches, decides them, and makes their jobs known. */
@ApplicationScoped
class RegistrationBatcher {

    private static final Logger LOG = Logger.getLogger(RegistrationBatcher.class);

    private final RegistrationBatchRepository repository;
    private final JobQueue queue;
    private final RegistrationConfig config;
    private final RegistrationMetrics metrics;
    private final NaturalBatcher<RegisterCommand, RegistrationOutcome> batcher;
    private final Context context;

    RegistrationBatcher(
            Pool pool, JobQueue queue, RegistrationConfig config, RegistrationMetrics metrics, Vertx vertx) {
        this.repository = new RegistrationBatchRepository(pool, RegistrationBatchRepository.LOCK);
        this.queue = queue;
        this.config = config;
        this.metrics = metrics;
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.batcher = new NaturalBatcher<>(
                context, config.batchSize(), config.waiting(), RegisterCommand::conflictKey, this::decide);
    }

    /** Decides with whatever batch comes next. */
    Uni<RegistrationOutcome> register(RegisterCommand command) {
        return batcher.submit(command);
    }

    /** The verdict that was once given for this key, or null. */
    Uni<RegistrationOutcome> findPrevious(UUID participantId, UUID competitionId, String key) {
        return repository.findPrevious(participantId, competitionId, key);
    }

    private Uni<List<RegistrationOutcome>> decide(List<RegisterCommand> commands) {
        var entries = new ArrayList<Entry>(commands.size());
        for (var command : commands) {
            entries.add(new Entry(command, UuidCreator.getTimeOrderedEpoch()));
        }
        var started = System.nanoTime();
        return repository
                .register(entries)
                .invoke(() -> metrics.committed(System.nanoTime() - started))
                .ifNoItem()
                .after(config.databaseTimeout())
                .failWith(() -> Failures.timeout("PostgreSQL"))
                .invoke(verdicts -> EventLoopTurn.atEndOf(context, () -> push(entries, verdicts)));
    }

    /** Nobody waits for this, so the answers come first; what is lost on the way the outbox relay finds. */
    private void push(List<Entry> entries, List<RegistrationOutcome> verdicts) {
        var jobs = new ArrayList<UUID>();
        for (var i = 0; i < entries.size(); i++) {
            switch (verdicts.get(i).decision()) {
                case CONFIRMED, WAITLISTED -> jobs.add(entries.get(i).jobId());
                default -> {}
            }
        }
        queue.push(jobs).subscribe().with(pushed -> {}, failure -> LOG.error("A push failed that never does", failure));
    }
}
