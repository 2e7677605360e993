package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;

/** Passes jobs to the {@link JobSimulation} that runs. */
@Singleton
class ModelHandler implements JobHandler {

    static final String KIND = "test:model";

    static volatile BiFunction<SqlConnection, List<Job>, Uni<Void>> simulation;

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        return simulation.apply(transaction, jobs).replaceWith(List.of());
    }

    /** The same for jobs with a transaction each. */
    @Singleton
    static class Alone extends ModelHandler {

        static final String KIND = "test:model-alone";

        @Override
        public Set<String> kinds() {
            return Set.of(KIND);
        }

        @Override
        public boolean requiresOwnTransaction() {
            return true;
        }
    }
}
