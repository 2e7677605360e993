package dev.minicompete.jobs.queue;

import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.platform.redis.LuaScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.client.RedisClientName;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * The queue of job ids in Redis: {@code ready} and the {@code processing} of each worker are lists, {@code delayed} and
 * {@code slow} are sorted sets by due time. No other class uses these keys. Entries enter a list at its left end and leave it
 * at its right end. All keys share a hash tag, so that scripts over several keys work on a Redis Cluster.
 *
 * <p>An entry may be any bytes. It is a string with one character (ISO 8859-1) for each byte, so that it is found again when it
 * is removed; so is the name of a worker. A key that has a wrong type is renamed to {@code invalid:<key>} when a command fails
 * because of it.
 */
@ApplicationScoped
public class JobQueue {

    private static final Logger LOG = Logger.getLogger(JobQueue.class);

    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final String READY = "{jobs}:ready";
    private static final String SLOW = "{jobs}:slow";
    private static final String DELAYED = "{jobs}:delayed";
    private static final String WORKERS = "{jobs}:workers";
    private static final String LEADER = "{jobs}:leader";
    private static final String PROCESSING = "{jobs}:processing:";
    private static final String HEARTBEAT = "{jobs}:heartbeat:";

    /** Maximum number of entries that return to the queue in one step. */
    public static final int RETURNED = 1_000;

    /** After this time without a reply the connection counts as dead or Redis as frozen. */
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    /** How long the leader stays it without renewal. Another process takes over within this time and a maintenance interval. */
    private static final Duration LEADER_LEASE = Duration.ofSeconds(5);

    /** How long the operator can look at a key of a wrong type. */
    private static final Duration MOVED_AWAY = Duration.ofDays(7);

    private static final LuaScript TAKE = new LuaScript("jobs-take.lua");
    private static final LuaScript ACKNOWLEDGE = new LuaScript("jobs-acknowledge.lua");
    private static final LuaScript MOVE = new LuaScript("jobs-move.lua");
    private static final LuaScript WAKE = new LuaScript("jobs-wake.lua");
    private static final LuaScript HAND_BACK = new LuaScript("jobs-hand-back.lua");
    private static final LuaScript BEAT = new LuaScript("jobs-heartbeat.lua");
    private static final LuaScript LEAD = new LuaScript("jobs-lead.lua");
    private static final LuaScript RESIGN = new LuaScript("jobs-resign.lua");
    private static final LuaScript FIND_WORKERS = new LuaScript("jobs-find-workers.lua");
    private static final LuaScript MOVE_AWAY = new LuaScript("jobs-move-away.lua");

    private final Redis redis;
    private final MeterRegistry metrics;
    private final Duration heartbeatTimeout;
    private final String process = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    /** Where {@link #deadWorkers} continues to look for lists of workers that are not registered. */
    private volatile String scanned = "0";

    JobQueue(@RedisClientName("jobs") Redis redis, MeterRegistry metrics, JobsConfig config) {
        this.redis = redis;
        this.metrics = metrics;
        this.heartbeatTimeout = config.heartbeatTimeout();
    }

    /**
     * Adds jobs at the end of the queue, in this order. Never fails: while Redis is unavailable the jobs stay in the outbox,
     * where the relay finds them.
     */
    public Uni<Void> push(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return send(Command.LPUSH, List.of(READY), ids.toArray())
                .replaceWithVoid()
                .ifNoItem()
                .after(REPLY_TIMEOUT)
                .fail()
                .onFailure()
                .invoke(failure ->
                        LOG.debugf("%d jobs were not pushed; the relay will find them: %s", ids.size(), failure))
                .onFailure()
                .recoverWithNull();
    }

    /** Adds jobs, given youngest first, at the front of the queue. */
    public Uni<Void> pushInFront(Collection<UUID> ids) {
        return send(Command.RPUSH, List.of(READY), ids.toArray()).replaceWithVoid();
    }

    /** Adds jobs of slow kinds with the times at which they became due. Those that are there already stay there once. */
    public Uni<Void> addSlow(Map<UUID, Instant> jobs) {
        return send(Command.ZADD, List.of(SLOW), scored(jobs)).replaceWithVoid();
    }

    /** Moves ready entries to the list of the worker until it holds this many; returns so many of them, oldest first. */
    public Uni<List<String>> take(String worker, int limit) {
        return take(READY, worker, limit);
    }

    /** Moves the slow entry that became due first to the list of the worker, unless that has one; returns its entries. */
    public Uni<List<String>> takeSlow(String worker) {
        return take(SLOW, worker, 1);
    }

    private Uni<List<String>> take(String source, String worker, int limit) {
        return run(
                        TAKE,
                        List.of(source, PROCESSING + worker, WORKERS, HEARTBEAT + worker),
                        limit,
                        worker,
                        heartbeatTimeout.toMillis(),
                        type(source))
                .map(JobQueue::strings);
    }

    /** Waits for a ready entry, moves it to the list of the worker and returns it; returns an empty list on timeout. */
    public Uni<List<String>> await(String worker, Duration timeout) {
        return send(
                        Command.BLMOVE,
                        List.of(READY, PROCESSING + worker),
                        "RIGHT",
                        "LEFT",
                        Double.toString(timeout.toMillis() / 1000.0))
                .ifNoItem()
                .after(timeout.plus(REPLY_TIMEOUT))
                .fail()
                .map(entry -> entry == null ? List.of() : List.of(entry.toString(BYTES)));
    }

    /** Removes entries from the list of the worker. */
    public Uni<Void> acknowledge(String worker, Collection<String> entries) {
        return entries.isEmpty()
                ? Uni.createFrom().voidItem()
                : run(ACKNOWLEDGE, List.of(PROCESSING + worker), entries.toArray())
                        .replaceWithVoid();
    }

    /** Moves an entry from the list of the worker to the delayed entries. */
    public Uni<Void> delay(String worker, String entry, Instant due) {
        return run(MOVE, List.of(PROCESSING + worker, DELAYED), due.toEpochMilli(), entry)
                .replaceWithVoid();
    }

    /** Moves jobs from the list of the worker to the slow ones, with the times at which they became due. */
    public Uni<Void> moveToSlow(String worker, Map<UUID, Instant> jobs) {
        return run(MOVE, List.of(PROCESSING + worker, SLOW), scored(jobs)).replaceWithVoid();
    }

    /** Moves up to this many due entries from delayed to ready; returns their number. */
    public Uni<Integer> wakeDelayed(int limit) {
        return run(WAKE, List.of(DELAYED, READY), limit).map(Response::toInteger);
    }

    /** Returns up to {@link #RETURNED} entries in the list of the worker, youngest first. */
    public Uni<List<String>> held(String worker) {
        return send(Command.LRANGE, List.of(PROCESSING + worker), 0, RETURNED - 1)
                .map(JobQueue::strings);
    }

    /** Moves up to {@link #RETURNED} entries of a worker, youngest first, to the front of the queue; returns their number. */
    public Uni<Integer> handBack(String worker) {
        return run(HAND_BACK, List.of(PROCESSING + worker, READY), RETURNED).map(Response::toInteger);
    }

    /** Marks a worker as alive for this long. */
    public Uni<Void> heartbeat(String worker, Duration timeout) {
        return run(BEAT, List.of(HEARTBEAT + worker, WORKERS), worker, timeout.toMillis())
                .replaceWithVoid();
    }

    /** Removes a worker whose list is empty. */
    public Uni<Void> removeWorker(String worker) {
        // DEL would remove a key of a wrong type, too; GET moves it away.
        return send(Command.GET, List.of(HEARTBEAT + worker))
                .chain(() -> send(Command.SREM, List.of(WORKERS), worker))
                .chain(() -> send(Command.DEL, List.of(HEARTBEAT + worker)))
                .replaceWithVoid();
    }

    /** Returns the workers whose heartbeat has expired: the registered ones, and those of which a list was found. */
    public Uni<List<String>> deadWorkers() {
        return run(FIND_WORKERS, List.of(WORKERS), scanned, PROCESSING, HEARTBEAT, heartbeatTimeout.toMillis() / 2)
                .invoke(cursor -> scanned = cursor.toString())
                .chain(() -> send(Command.SMEMBERS, List.of(WORKERS)))
                .map(JobQueue::strings)
                .flatMap(workers -> workers.isEmpty()
                        ? Uni.createFrom().item(workers)
                        : send(
                                        Command.MGET,
                                        workers.stream().map(HEARTBEAT::concat).toList())
                                .map(beats -> without(workers, beats)));
    }

    /** Returns up to this many of the entries that will be taken next. */
    public Uni<List<String>> heads(int limit) {
        return send(Command.LRANGE, List.of(READY), -limit, -1).map(JobQueue::strings);
    }

    /** Returns up to this many of the slow entries that will be taken next. */
    public Uni<List<String>> slowHeads(int limit) {
        return send(Command.ZRANGE, List.of(SLOW), 0, limit - 1).map(JobQueue::strings);
    }

    /**
     * Makes this process the leader, which does the maintenance for all, unless another process is it. A leader must repeat
     * this every second; after 5 s without it, or when Redis loses its data, any process may be the next.
     *
     * @return whether this process is the leader
     */
    public Uni<Boolean> lead() {
        return run(LEAD, List.of(LEADER), process, LEADER_LEASE.toMillis()).map(led -> led.toInteger() == 1);
    }

    /** Lets another process be the leader at once, if this process is it. */
    public Uni<Void> resign() {
        return run(RESIGN, List.of(LEADER), process).replaceWithVoid();
    }

    /** Parses entries to job ids. Invalid entries are left out; the worker that takes them reports them. */
    public static List<UUID> ids(Collection<String> entries) {
        var ids = new ArrayList<UUID>();
        for (var entry : entries) {
            try {
                ids.add(UUID.fromString(entry));
            } catch (IllegalArgumentException invalid) {
                // Left out.
            }
        }
        return ids;
    }

    /** Returns an entry as readable text. */
    public static String text(String entry) {
        return new String(entry.getBytes(BYTES), StandardCharsets.UTF_8);
    }

    private Uni<Response> run(LuaScript script, List<String> keys, Object... arguments) {
        return send(keys, () -> script.request(BYTES, keys, arguments));
    }

    private Uni<Response> send(Command command, List<String> keys, Object... arguments) {
        return send(keys, () -> {
            var request = Request.cmd(command);
            keys.forEach(key -> request.arg(key.getBytes(BYTES)));
            for (var argument : arguments) {
                request.arg(argument.toString().getBytes(BYTES));
            }
            return request;
        });
    }

    /** Sends a command; if one of its keys has a wrong type, moves that away and sends the command again. */
    private Uni<Response> send(List<String> keys, Supplier<Request> command) {
        var sent = Uni.createFrom().deferred(() -> UniHelper.toUni(redis.send(command.get())));
        return sent.onFailure(JobQueue::isWrongType)
                .recoverWithUni(() -> moveAway(keys).chain(() -> sent));
    }

    private Uni<Void> moveAway(List<String> keys) {
        var names =
                keys.stream().flatMap(key -> Stream.of(key, "invalid:" + key)).toList();
        var arguments =
                Stream.concat(Stream.of(MOVED_AWAY.toMillis()), keys.stream().map(JobQueue::type));
        return Uni.createFrom()
                .deferred(() -> UniHelper.toUni(redis.send(MOVE_AWAY.request(BYTES, names, arguments.toArray()))))
                .invoke(moved -> strings(moved).forEach(description -> {
                    LOG.errorf("A key in Redis had a wrong type: %s", text(description));
                    metrics.counter("jobs.discarded", "reason", "wrong-type").increment();
                }))
                .replaceWithVoid();
    }

    private static boolean isWrongType(Throwable failure) {
        var message = failure.getMessage();
        return message != null && message.contains("WRONGTYPE");
    }

    private static String type(String key) {
        return switch (key) {
            case SLOW, DELAYED -> "zset";
            case WORKERS -> "set";
            case LEADER -> "string";
            default -> key.startsWith(HEARTBEAT) ? "string" : "list";
        };
    }

    private static Object[] scored(Map<UUID, Instant> jobs) {
        return jobs.entrySet().stream()
                .flatMap(job -> Stream.of(job.getValue().toEpochMilli(), job.getKey()))
                .toArray();
    }

    private static List<String> without(List<String> workers, Response beats) {
        var dead = new ArrayList<String>();
        for (var i = 0; i < workers.size(); i++) {
            if (beats.get(i) == null) {
                dead.add(workers.get(i));
            }
        }
        return dead;
    }

    private static List<String> strings(Response response) {
        return StreamSupport.stream(response.spliterator(), false)
                .map(element -> element.toString(BYTES))
                .toList();
    }
}
