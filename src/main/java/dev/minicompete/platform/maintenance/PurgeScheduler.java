package dev.minicompete.platform.maintenance;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;

/** Runs the purge steps of all features. */
@ApplicationScoped
class PurgeScheduler {

    private static final Logger LOG = Logger.getLogger(PurgeScheduler.class);

    private final Pool pool;
    private final PurgeConfig config;
    private final List<PurgeStep> steps;

    PurgeScheduler(Pool pool, PurgeConfig config, @All List<PurgeStep> steps) {
        this.pool = pool;
        this.config = config;
        this.steps =
                steps.stream().sorted(Comparator.comparingInt(PurgeStep::order)).toList();
    }

    @Scheduled(cron = "{purge.cron}", concurrentExecution = ConcurrentExecution.SKIP, identity = "purge")
    Uni<Void> purge() {
        return Multi.createFrom()
                .iterable(steps)
                .onItem()
                .transformToUniAndConcatenate(step -> run(step, 0))
                .collect()
                .last()
                .onFailure()
                .invoke(failure -> LOG.warnf("The purge failed and continues with its next run: %s", failure))
                .replaceWithVoid();
    }

    private Uni<Void> run(PurgeStep step, int before) {
        var parameters = step.hasAge() ? Tuple.of(config.chunk(), config.after()) : Tuple.of(config.chunk());
        return pool.preparedQuery(step.statement()).execute(parameters).flatMap(rows -> {
            var total = before + rows.rowCount();
            if (rows.rowCount() == config.chunk()) {
                return run(step, total);
            }
            if (total > 0) {
                LOG.infof("Purged: %d %s", total, step.rows());
            }
            return Uni.createFrom().voidItem();
        });
    }
}
