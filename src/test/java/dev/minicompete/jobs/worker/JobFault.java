package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.outbox.Outbox.Waiting;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A fault that a test puts into the outbox or the queue by changing one of its steps. */
enum JobFault {
    NONE(Set.of()),

    /** A worker that lost its claim does the job all the same. */
    TOKEN_IS_NOT_CHECKED(Set.of("finish")) {
        @Override
        Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
            return step.apply(arguments).map(owned -> List.copyOf((Collection<?>) arguments[1]));
        }
    },

    /** The job is deleted in a transaction of its own, before the one that does it commits. */
    JOB_IS_ACKNOWLEDGED_BEFORE_THE_COMMIT(Set.of("takeUntried", "finish")) {
        @Override
        Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
            return simulation.pool().withTransaction(transaction -> {
                var changed = arguments.clone();
                changed[0] = transaction;
                return step.apply(changed);
            });
        }
    },

    /** The relay takes claimed jobs for lost ones. */
    RELAY_IGNORES_LEASES(Set.of("findLost")) {
        @Override
        Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
            return arguments[2] != null
                    ? step.apply(arguments)
                    : step.apply(arguments)
                            .flatMap(lost -> claimed(simulation.pool())
                                    .invoke(all -> ((Collection<?>) lost).forEach(job -> all.add((Waiting) job))));
        }

        private static Uni<List<Waiting>> claimed(Pool pool) {
            return pool.query("SELECT id, run_at FROM outbox WHERE leased_until > clock_timestamp()")
                    .execute()
                    .map(rows -> {
                        var all = new ArrayList<Waiting>();
                        rows.forEach(row -> all.add(new Waiting(row.getUUID(0), row.getOffsetDateTime(1))));
                        return all;
                    });
        }
    },

    RESCUE_DROPS_AN_ENTRY(Set.of("handBack")) {
        @Override
        Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
            return simulation
                    .onRedis("RPOP", "{jobs}:processing:" + arguments[0])
                    .flatMap(entry -> step.apply(arguments));
        }
    },

    /** The attempt is counted when it fails, so that one that kills its worker is not counted. */
    ATTEMPT_IS_NOT_COUNTED_AT_THE_CLAIM(Set.of("claim")) {
        @Override
        Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
            return step.apply(arguments)
                    .call(() -> simulation
                            .pool()
                            .preparedQuery("UPDATE outbox SET attempts = attempts - 1 WHERE lease = $1")
                            .execute(Tuple.of(arguments[1])));
        }
    },

    /** A job that kills its worker has any number of first tries, which are not counted. */
    FIRST_TRY_IS_REPEATED(Set.of("markPossiblyAttempted")) {
        @Override
        Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
            return Uni.createFrom().voidItem();
        }
    };

    /** The methods of the outbox or the queue that it changes. */
    private final Set<String> steps;

    JobFault(Set<String> steps) {
        this.steps = steps;
    }

    boolean changes(String step) {
        return steps.contains(step);
    }

    /** Runs the changed step. */
    Uni<?> run(Object[] arguments, Function<Object[], Uni<?>> step, JobSimulation simulation) {
        return step.apply(arguments);
    }
}
