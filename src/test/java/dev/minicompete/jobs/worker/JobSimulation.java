package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.failed.FailedJobService;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.outbox.Outbox.Waiting;
import dev.minicompete.jobs.queue.JobQueue;
import io.quarkus.arc.ClientProxy;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.datasource.RedisDataSource;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.InvocationHandlerAdapter;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * One interleaving of workers and maintenance over the outbox and the queue. A process stands still before each of its calls
 * to PostgreSQL or Redis until a step lets it go on; so one process moves at a time, and the same steps have the same
 * outcome. Time passes by changing what is stored.
 */
final class JobSimulation {

    private static final int WORKERS = 3;

    /** The worker that takes slow entries. */
    private static final int SLOW = WORKERS - 1;

    private static final int MAINTENANCE = 2;
    private static final int BATCH = 4;

    /** Calls that move entries from one place to another. */
    private static final Set<String> MOVES = Set.of("handBack", "wakeDelayed", "delay", "moveToSlow");

    /** Steps after which jobs may be elsewhere. */
    private static final Set<Step.Kind> CHANGES =
            EnumSet.of(Step.Kind.WORK, Step.Kind.MAINTAIN, Step.Kind.LOSE_REPLY, Step.Kind.CRASH, Step.Kind.RETRY);

    private static final String ENTRIES = """
            local entries = {}
            for _, key in ipairs(redis.call('KEYS', '{jobs}:*')) do
              local type = redis.call('TYPE', key).ok
              local found = type == 'list' and redis.call('LRANGE', key, 0, -1)
                or type == 'zset' and redis.call('ZRANGE', key, 0, -1) or {}
              for _, entry in ipairs(found) do entries[#entries + 1] = entry end
            end
            return entries
            """;

    private static final String STORED = """
            SELECT j.id, o.id IS NOT NULL, f.id IS NOT NULL, coalesce(o.attempts, f.attempts, 0),
                (SELECT count(*) FROM model_effects e WHERE e.job = j.id)
            FROM unnest(?) AS j (id) LEFT JOIN outbox o USING (id) LEFT JOIN failed_jobs f USING (id)
            """;

    private static final String ALL_DUE = """
            for _, key in ipairs(redis.call('KEYS', '{jobs}:*')) do
              if redis.call('TYPE', key).ok == 'zset' then
                for _, entry in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZADD', key, 0, entry) end
              end
            end
            return 0
            """;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The outbox and the queue, whose calls are passed to the latest simulation. */
    private static final Map<Class<?>, Object> INTERCEPTED =
            Map.of(Outbox.class, intercept(Outbox.class), JobQueue.class, intercept(JobQueue.class));

    private static volatile JobSimulation latest;

    /** What happens. {@code process} numbers a worker or a maintenance; {@code amount} depends on the kind. */
    record Step(Kind kind, int process, int amount) {

        enum Kind {
            /** A transaction commits a job. The amount is how often it fails; -1: it kills its worker; -2: an outage. */
            COMMIT(16),
            /** The jobs that were committed since are pushed. */
            PUSH(10),
            /** A worker passes so many calls. */
            WORK(34),
            /** Maintenance passes so many calls. */
            MAINTAIN(14),
            /** A call of a worker or of maintenance is done, but its reply is lost. */
            LOSE_REPLY(4),
            CRASH(4),
            /** A worker stands still until its heartbeat and all leases are over. */
            FREEZE(5),
            FLUSH(2),
            /** Leases and heartbeats of the dead run out, delayed jobs become due. */
            TIME(6),
            RETRY(3);

            private final int weight;

            Kind(int weight) {
                this.weight = weight;
            }

            private static Kind random(Random random) {
                var rest = random.nextInt(
                        Stream.of(values()).mapToInt(kind -> kind.weight).sum());
                for (var kind : values()) {
                    rest -= kind.weight;
                    if (rest < 0) {
                        return kind;
                    }
                }
                throw new AssertionError();
            }
        }

        private static final List<Integer> SCRIPTS = List.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 9, -1, -2);

        /** The steps of a seed. */
        static List<Step> random(long seed, int count) {
            var random = new Random(seed);
            return Stream.generate(() -> random(random)).limit(count).toList();
        }

        private static Step random(Random random) {
            var kind = Kind.random(random);
            var any = random.nextInt(WORKERS + MAINTENANCE);
            return switch (kind) {
                case COMMIT -> new Step(kind, random.nextInt(2), SCRIPTS.get(random.nextInt(SCRIPTS.size())));
                case WORK -> new Step(kind, any % WORKERS, 1 + random.nextInt(6));
                case MAINTAIN ->
                    new Step(kind, WORKERS + any % MAINTENANCE, random.nextInt(3) > 0 ? 40 : 1 + random.nextInt(5));
                case FREEZE -> new Step(kind, any % WORKERS, 0);
                default -> new Step(kind, any, 0);
            };
        }

        @Override
        public String toString() {
            return switch (kind) {
                case COMMIT ->
                    "COMMIT a job" + (process == 1 ? " with its own transaction" : "")
                            + (amount == -1
                                    ? " that kills its worker"
                                    : amount == -2
                                            ? " that meets an outage"
                                            : amount > 0 ? " that fails %d times".formatted(amount) : "");
                case WORK -> "WORK %d calls of worker %d".formatted(amount, process);
                case MAINTAIN -> "MAINTAIN %d calls of maintenance %d".formatted(amount, process - WORKERS);
                case LOSE_REPLY, CRASH, FREEZE ->
                    kind + (process < WORKERS ? " of worker " + process : " of maintenance " + (process - WORKERS));
                default -> kind.toString();
            };
        }
    }

    /** A worker or a maintenance. */
    private final class Process {

        final String name;
        final Supplier<Uni<?>> work;
        boolean running;
        boolean dead;
        boolean losesReply;
        UniEmitter<? super Object> parked;

        Process(String name, Supplier<Uni<?>> work) {
            this.name = name;
            this.work = work;
        }
    }

    /** A job of this run. */
    private static final class Scripted {

        final UUID id;
        final int failures;
        final JobModel model;
        boolean outage;

        Scripted(UUID id, int script, int maxAttempts) {
            this.id = id;
            this.failures = script;
            this.outage = script == -2;
            this.model = new JobModel(maxAttempts);
        }
    }

    private final long seed;
    private final JobFault fault;
    private final Connection database;
    private final UUID organizer;
    private final UUID competition;
    private final Pool pool = CDI.current().select(Pool.class).get();
    private final ReactiveRedisDataSource redis =
            CDI.current().select(RedisDataSource.class).get().getReactive();
    private final FailedJobService failedJobs =
            CDI.current().select(FailedJobService.class).get();
    private final int maxAttempts =
            CDI.current().select(JobsConfig.class).get().retry().maxAttempts();
    private final BlockingQueue<Process> arrivals = new LinkedBlockingQueue<>();
    private final Process[] processes = new Process[WORKERS + MAINTENANCE];
    private final List<Process> all = new ArrayList<>();
    private final List<Process> dead = new ArrayList<>();
    private final Map<UUID, Scripted> jobs = new HashMap<>();
    private final List<UUID> unpushed = new ArrayList<>();
    private int outages;
    private boolean healing;
    private volatile Process current;
    private volatile String violation;

    JobSimulation(long seed, JobFault fault, Connection database, UUID organizer, UUID competition) {
        this.seed = seed;
        this.fault = fault;
        this.database = database;
        this.organizer = organizer;
        this.competition = competition;
        latest = this;
        ModelHandler.simulation = this::handle;
    }

    Pool pool() {
        return pool;
    }

    Uni<Response> onRedis(String command, String... arguments) {
        return redis.execute(command, arguments);
    }

    private Response redis(String command, String... arguments) {
        return onRedis(command, arguments).await().atMost(PATIENCE);
    }

    /** Takes the steps until something does not hold, and else heals everything; returns what does not hold. */
    Optional<String> run(List<Step> steps) {
        sql("DELETE FROM outbox; DELETE FROM failed_jobs; DELETE FROM model_effects");
        redis("FLUSHALL");
        for (var i = 0; i < processes.length; i++) {
            processes[i] = start(i);
        }
        try {
            for (var step : steps) {
                take(step);
                if (CHANGES.contains(step.kind)) {
                    compare();
                }
                if (violation != null) {
                    return Optional.of(violation);
                }
            }
            heal();
            return Optional.ofNullable(violation);
        } finally {
            all.forEach(this::crash);
        }
    }

    private Process start(int index) {
        var name = (index < WORKERS ? "worker-" : "maintenance-") + all.size();
        var process = new Process(name, index < WORKERS ? worker(name, index == SLOW) : maintenance());
        all.add(process);
        return process;
    }

    /** A loop of the worker's verticle. */
    private Supplier<Uni<?>> worker(String name, boolean slow) {
        var runner = make(JobRunner.class);
        var queue = make(JobQueue.class);
        return () -> (slow ? queue.takeSlow(name) : queue.take(name, BATCH))
                .flatMap(entries -> slow ? runner.runSlow(name, entries) : runner.run(name, entries))
                .onFailure()
                .call(failure -> queue.handBack(name));
    }

    private Supplier<Uni<?>> maintenance() {
        var queue = make(JobQueue.class);
        var rescuer = make(JobRescuer.class);
        var relay = make(OutboxRelay.class);
        return () -> queue.wakeDelayed(1_000).chain(rescuer::rescue).chain(relay::relay);
    }

    private void take(Step step) {
        switch (step.kind) {
            case COMMIT -> commit(step);
            case PUSH -> push();
            case WORK, MAINTAIN ->
                IntStream.range(0, step.amount).forEach(call -> {
                    // The first call lets an idle process begin, and it ends with its work.
                    if (call == 0 || processes[step.process].running) {
                        go(processes[step.process]);
                    }
                });
            case LOSE_REPLY -> {
                if (processes[step.process].running) {
                    outages++;
                    processes[step.process].losesReply = true;
                    go(processes[step.process]);
                }
            }
            case CRASH -> {
                crash(processes[step.process]);
                replaceDead();
            }
            case FREEZE -> {
                redis("DEL", "{jobs}:heartbeat:" + processes[step.process].name);
                expireLeases();
            }
            case FLUSH -> redis("FLUSHALL");
            case TIME -> passTime();
            case RETRY -> {
                failedJobs.retryAll(organizer).await().atMost(PATIENCE);
                jobs.values().forEach(job -> job.model.retry());
            }
        }
    }

    private void commit(Step step) {
        var number = jobs.size() + 1;
        var id = new UUID(seed, number);
        jobs.put(id, new Scripted(id, step.amount, maxAttempts));
        unpushed.add(id);
        sql(
                "INSERT INTO outbox (id, kind, competition_id, run_at)"
                        + " VALUES (?, ?, ?, now() - interval '1 day' + ? * interval '10 seconds')",
                id,
                step.process == 0 ? ModelHandler.KIND : ModelHandler.Alone.KIND,
                competition,
                number);
    }

    private void push() {
        CDI.current().select(JobQueue.class).get().push(unpushed).await().atMost(PATIENCE);
        unpushed.clear();
    }

    private void expireLeases() {
        sql("UPDATE outbox SET leased_until = now() - interval '1 second' WHERE leased_until > now()");
    }

    private void passTime() {
        expireLeases();
        sql("UPDATE outbox SET run_at = now() - interval '1 minute' WHERE run_at > now() - interval '1 minute'");
        redis("EVAL", ALL_DUE, "0");
        dead.forEach(process -> redis("DEL", "{jobs}:heartbeat:" + process.name));
    }

    /** Lets a process pass the call that it stands before, or begin. */
    private void go(Process process) {
        if (process.parked == null) {
            process.running = true;
            resume(process, () -> process.work.get().subscribe().with(done -> end(process), failure -> end(process)));
        } else {
            var parked = process.parked;
            process.parked = null;
            resume(process, () -> parked.complete(null));
        }
        replaceDead();
    }

    /** The rest of a dead process never runs; PostgreSQL rolls back its transaction. */
    private void crash(Process process) {
        process.dead = true;
        if (process.parked != null) {
            var parked = process.parked;
            process.parked = null;
            resume(process, () -> parked.fail(new IOException("the process died")));
        }
    }

    private void replaceDead() {
        for (var i = 0; i < processes.length; i++) {
            if (processes[i].dead) {
                dead.add(processes[i]);
                processes[i] = start(i);
            }
        }
    }

    private void resume(Process process, Runnable action) {
        current = process;
        action.run();
        try {
            if (arrivals.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) != process) {
                throw new IllegalStateException(process.name + " neither stands still nor ends");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            current = null;
        }
    }

    private void end(Process process) {
        process.running = false;
        arrivals.add(process);
    }

    private Uni<?> park(Process process) {
        return Uni.createFrom().emitter(emitter -> {
            if (process.dead) {
                arrivals.add(process);
            } else if (healing) {
                emitter.complete(null);
            } else {
                process.parked = emitter;
                arrivals.add(process);
            }
        });
    }

    /** New processes work until nothing is left; then those that stood still go on, too late. */
    private void heal() {
        healing = true;
        var late = Stream.of(processes).filter(process -> process.running).toList();
        for (var i = 0; i < processes.length; i++) {
            processes[i] = start(i);
        }
        drain();
        late.forEach(this::go);
        compare();
        drain();
    }

    /** Jobs that kill their workers are claimed one after the other. */
    private void drain() {
        var killers = jobs.values().stream().filter(job -> job.failures == -1).count();
        for (var round = 0; violation == null && count("SELECT count(*) FROM outbox") > 0; round++) {
            if (round == maxAttempts * (2 + killers) + outages + 4) {
                violation = "the outbox does not drain";
                return;
            }
            passTime();
            go(processes[WORKERS]);
            for (var left = jobs.size();
                    left >= 0 && redis("LLEN", "{jobs}:ready").toInteger() > 0;
                    left--) {
                go(processes[0]);
            }
            for (var left = jobs.size();
                    left >= 0 && redis("ZCARD", "{jobs}:slow").toInteger() > 0;
                    left--) {
                go(processes[SLOW]);
            }
            compare();
        }
    }

    /** Does the jobs as their scripts want it. */
    private Uni<Void> handle(SqlConnection transaction, List<Job> batch) {
        var scripted = batch.stream().map(job -> jobs.get(job.id())).toList();
        if (batch.size() == 1) {
            scripted.get(0).model.tries++;
        }
        if (scripted.stream().anyMatch(job -> job.failures == -1)) {
            current.dead = true;
            return Uni.createFrom().failure(new IOException("the process died"));
        }
        var outage = scripted.stream().filter(job -> job.outage).findFirst();
        if (outage.isPresent()) {
            outages++;
            outage.get().outage = false;
            return Uni.createFrom().failure(new IOException("connection lost"));
        }
        if (batch.stream().anyMatch(job -> job.attempts() <= jobs.get(job.id()).failures)) {
            return Uni.createFrom().failure(new IllegalStateException("as the script wants it"));
        }
        return transaction
                .preparedQuery("INSERT INTO model_effects SELECT unnest($1::uuid[])")
                .execute(Tuple.of((Object) batch.stream().map(Job::id).toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    private void compare() {
        try (var query = database.prepareStatement(STORED)) {
            query.setArray(1, database.createArrayOf("uuid", jobs.keySet().toArray()));
            var rows = query.executeQuery();
            while (rows.next()) {
                var id = rows.getObject(1, UUID.class);
                var stored =
                        new JobModel.Stored(rows.getBoolean(2), rows.getBoolean(3), rows.getInt(5), rows.getInt(4));
                jobs.get(id).model.compare(stored, outages).ifPresent(text -> violated(id, text));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void violated(UUID job, String text) {
        if (violation == null) {
            violation = "job %d %s".formatted(job.getLeastSignificantBits(), text);
        }
    }

    /** Stands still before each call of a process, and compares what the call does with what it may do. */
    private Uni<?> call(Method method, Object[] arguments, Object target) {
        var process = current;
        var step = method.getName();
        if (step.equals("retryLater")) {
            // The delay has a random part; the job is due when the simulation says so.
            arguments[2] = HOUR;
        }
        Supplier<Uni<?>> call = () -> fault.changes(step)
                ? fault.run(arguments, changed -> invoke(method, target, changed), this)
                : invoke(method, target, arguments);
        return park(process)
                .flatMap(passed -> MOVES.contains(step) ? keepingEntries(step, call) : call.get())
                .invoke(result -> {
                    if (step.equals("findLost")) {
                        compareLost((Collection<?>) result);
                    }
                })
                .onItem()
                .transformToUni(result -> losesReply(process, step)
                        ? Uni.createFrom().failure(new IOException("reply lost"))
                        : Uni.createFrom().item(result));
    }

    /** An entry may be moved, but not be lost. */
    private Uni<?> keepingEntries(String step, Supplier<Uni<?>> call) {
        return entries()
                .flatMap(before -> call.get()
                        .call(() -> entries()
                                .invoke(after -> before.stream()
                                        .filter(entry -> !after.contains(entry))
                                        .forEach(entry -> violated(
                                                UUID.fromString(entry), "has lost its entry in Redis by " + step)))));
    }

    /** A push never fails. */
    private static boolean losesReply(Process process, String step) {
        var lost = process.losesReply && !step.equals("push");
        process.losesReply = false;
        return lost;
    }

    private void compareLost(Collection<?> lost) {
        var ids = lost.stream().map(job -> ((Waiting) job).id()).toArray(UUID[]::new);
        try (var query = database.prepareStatement(
                "SELECT id FROM outbox WHERE id = ANY (?) AND (leased_until > now() OR run_at > now())")) {
            query.setArray(1, database.createArrayOf("uuid", ids));
            var rows = query.executeQuery();
            while (rows.next()) {
                violated(rows.getObject(1, UUID.class), "is taken for lost while it is claimed or not due");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Uni<Set<String>> entries() {
        return onRedis("EVAL", ENTRIES, "0")
                .map(entries -> StreamSupport.stream(entries.spliterator(), false)
                        .map(Response::toString)
                        .collect(Collectors.toSet()));
    }

    private long count(String query) {
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sql(String text, Object... parameters) {
        try (var statement = database.prepareStatement(text)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A process has its own instances of the worker's classes, over the outbox and the queue of this simulation. */
    private <T> T make(Class<T> type) {
        if (INTERCEPTED.containsKey(type)) {
            return type.cast(INTERCEPTED.get(type));
        }
        // Quarkus adds a constructor without parameters.
        var constructor = Stream.of(type.getDeclaredConstructors())
                .max(Comparator.comparing(candidate -> candidate.getParameterCount()))
                .orElseThrow();
        try {
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance(Stream.of(constructor.getParameterTypes())
                    .map(parameter -> isOfWorker(parameter)
                            ? make(parameter)
                            : CDI.current().select(parameter).get())
                    .toArray()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isOfWorker(Class<?> type) {
        return INTERCEPTED.containsKey(type)
                || type.getPackage() == JobRunner.class.getPackage()
                        && type != JobHandlers.class
                        && type != JobMetrics.class;
    }

    /** The bean, with each call of a running process passed to {@link #call}. */
    private static <T> T intercept(Class<T> type) {
        var bean = ClientProxy.unwrap(CDI.current().select(type).get());
        try {
            var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            var constructor = new ByteBuddy()
                    .subclass(type)
                    .method(ElementMatchers.returns(Uni.class))
                    .intercept(InvocationHandlerAdapter.of(
                            (proxy, method, arguments) -> latest.call(method, arguments, bean)))
                    .make()
                    .load(type.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(lookup))
                    .getLoaded()
                    .getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Uni<?> invoke(Method method, Object target, Object[] arguments) {
        try {
            return (Uni<?>) method.invoke(target, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
