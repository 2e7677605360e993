package dev.minicompete.platform.maintenance;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Runs the purge steps of all features. */
@ApplicationScoped
class PurgeScheduler {

    private static final Logger LOG = Logger.getLogger(PurgeScheduler.class);

    private final ScheduledRuns runs;
    private final PurgeConfig config;
    private final List<PurgeStep> steps;

    PurgeScheduler(ScheduledRuns runs, PurgeConfig config, @All List<PurgeStep> steps) {
        this.runs = runs;
        this.config = config;
        this.steps =
                steps.stream().sorted(Comparator.comparingInt(PurgeStep::order)).toList();
    }

    @Scheduled(every = ScheduledRuns.CHECK_INTERVAL, identity = "purge")
    Uni<Void> purgeIfDue() {
        return runs.runIfDue("purge", config.cron(), this::purge);
    }

    /** Runs all steps. */
    Multi<Integer> purge() {
        return ScheduledRuns.forEach(Multi.createFrom().iterable(steps), this::run);
    }

    private Multi<Integer> run(PurgeStep step) {
        var total = new AtomicInteger();
        return step.purge(config.chunk(), config.after())
                .invoke(total::addAndGet)
                .onFailure()
                .invoke(failure -> LOG.warnf("The purge of %s failed: %s", step.rows(), failure))
                .onTermination()
                .invoke(() -> {
                    if (total.get() > 0) {
                        LOG.infof("Purged %d %s", total.get(), step.rows());
                    }
                });
    }
}
