package dev.minicompete.platform.maintenance;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.maintenance.ScheduledRunRepository.State;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Runs work that is due at certain times, once for all processes. A run that was missed or failed is made up for, by any process: at its start,
 * or within a minute of being possible again. Several missed runs are made up for by one. The work must do no harm when it runs again.
 */
@ApplicationScoped
public class ScheduledRuns {

    /** How often a scheduler should call {@link #runIfDue}, besides at the due times. */
    public static final String CHECK_INTERVAL = "10s";

    private static final Logger LOG = Logger.getLogger(ScheduledRuns.class);

    /**
     * How long a claim holds without progress: longer than the time limits of a chunk. Together with the interval of the checks it is less than
     * a minute, so that a run whose process died, or that failed, is made up for in time.
     */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final ScheduledRunRepository repository;

    /** The last failure of each run, so that an outage is logged once. */
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    ScheduledRuns(ScheduledRunRepository repository) {
        this.repository = repository;
    }

    /**
     * Does the work unless the last run that was due has succeeded or is in progress. Never fails: it logs the failure, and a later call is the
     * next attempt.
     *
     * @param name what the run is called in the log and in {@code scheduled_runs}; it never changes
     * @param cron when the work is due, in Quartz syntax and UTC
     * @param work emits an item after each chunk, which shows that the run makes progress
     */
    public Uni<Void> runIfDue(String name, String cron, Supplier<Multi<Integer>> work) {
        return repository
                .find(name)
                .flatMap(state -> {
                    var due = lastDue(cron, state.now());
                    if (due.isEmpty() || isCompleted(state, due.get())) {
                        failures.remove(name);
                        return Uni.createFrom().voidItem();
                    }
                    return run(name, state, due.get(), work);
                })
                .onFailure()
                .recoverWithItem(failure -> {
                    log(name, failure);
                    return null;
                });
    }

    private Uni<Void> run(String name, State state, Instant due, Supplier<Multi<Integer>> work) {
        var claim = UUID.randomUUID();
        return repository
                .claim(name, claim, LEASE, state.completed())
                .flatMap(claimed -> claimed
                        ? work.get()
                                .call(() -> repository.extend(name, claim, LEASE))
                                .onItem()
                                .ignoreAsUni()
                                .call(() -> repository.complete(name, claim, due))
                        : Uni.createFrom().voidItem());
    }

    /** The last due time before this moment. */
    static Optional<Instant> lastDue(String cron, Instant now) {
        var parsed = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ)).parse(cron);
        return ExecutionTime.forCron(parsed)
                .lastExecution(now.atZone(ZoneOffset.UTC))
                .map(Instant::from);
    }

    /** A time that is still ahead was noted while PostgreSQL's clock was wrong. */
    private static boolean isCompleted(State state, Instant due) {
        var completed = state.completed();
        return completed != null && !completed.isBefore(due) && !completed.isAfter(state.now());
    }

    private void log(String name, Throwable failure) {
        if (!failure.toString().equals(failures.put(name, failure.toString()))) {
            LOG.warnf("The run of %s failed; it is tried again within a minute: %s", name, failure);
        }
    }

    /**
     * Does the work for each part, one after the other. When it fails for a part, the others are done nevertheless, and the whole fails at the
     * end; only the loss of PostgreSQL ends it at once.
     */
    public static <T> Multi<Integer> forEach(Multi<T> parts, Function<T, Multi<Integer>> work) {
        var firstFailure = new AtomicReference<Throwable>();
        return parts.onItem()
                .transformToMultiAndConcatenate(part -> work.apply(part)
                        .onFailure(failure -> !Failures.isConnectionLost(failure))
                        .recoverWithMulti(failure -> {
                            firstFailure.compareAndSet(null, failure);
                            return Multi.createFrom().empty();
                        }))
                .onCompletion()
                .switchTo(() -> firstFailure.get() == null
                        ? Multi.createFrom().empty()
                        : Multi.createFrom().failure(firstFailure.get()));
    }
}
