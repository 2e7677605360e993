package dev.minicompete.jobs.queue;

import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.platform.redis.LuaScript;
import io.quarkus.redis.client.RedisClientName;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.RedisAPI;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * The jobs in Redis, by id: {@code ready} and each worker's {@code processing} are lists, {@code delayed} is a sorted set by
 * due time. The only class that knows these keys. Entries enter a list at its left and leave it at its right. All keys
 * share one hash tag, so that each step here is one atomic step on a cluster, too.
 */
@ApplicationScoped
public class JobQueue {

    private static final Logger LOG = Logger.getLogger(JobQueue.class);

    private static final String READY = "{jobs}:ready";
    private static final String DELAYED = "{jobs}:delayed";
    private static final String WORKERS = "{jobs}:workers";
    private static final String PROCESSING = "{jobs}:processing:";
    private static final String HEARTBEAT = "{jobs}:heartbeat:";

    /** A reply that takes longer will not come: the connection is dead, or Redis is frozen. */
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private static final LuaScript TAKE = new LuaScript("jobs-take.lua");
    private static final LuaScript ACKNOWLEDGE = new LuaScript("jobs-acknowledge.lua");
    private static final LuaScript DELAY = new LuaScript("jobs-delay.lua");
    private static final LuaScript WAKE = new LuaScript("jobs-wake.lua");
    private static final LuaScript HAND_BACK = new LuaScript("jobs-hand-back.lua");

    private final RedisAPI redis;
    private final Duration heartbeatTimeout;

    JobQueue(@RedisClientName("jobs") RedisAPI redis, JobsConfig config) {
        this.redis = redis;
        this.heartbeatTimeout = config.heartbeatTimeout();
    }

    /**
     * Makes jobs known to the workers, in this order behind whatever is ready. Never fails: while Redis is away the jobs
     * wait in the outbox, where the relay finds them.
     */
    public Uni<Void> push(Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return redis.lpush(command(READY, texts(ids)))
                .replaceWithVoid()
                .ifNoItem()
                .after(REPLY_TIMEOUT)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.debugf("%d jobs wait for the relay: %s", ids.size(), failure))
                .onFailure()
                .recoverWithNull();
    }

    /** Puts jobs, given youngest first, in front of whatever is ready. */
    public Uni<Void> pushInFront(Collection<UUID> ids) {
        return redis.rpush(command(READY, texts(ids))).replaceWithVoid();
    }

    /** Fills the worker's own list from ready up to this many entries and returns them all, oldest first. */
    public Uni<List<String>> take(String worker, int limit) {
        return TAKE.run(
                        redis,
                        List.of(READY, PROCESSING + worker, WORKERS, HEARTBEAT + worker),
                        limit,
                        worker,
                        heartbeatTimeout.toMillis())
                .map(JobQueue::strings);
    }

    /** Waits for an entry, moves it to the worker's own list and returns it; an empty list when none came in time. */
    public Uni<List<String>> await(String worker, Duration timeout) {
        return redis.blmove(READY, PROCESSING + worker, "RIGHT", "LEFT", Double.toString(timeout.toMillis() / 1000.0))
                .ifNoItem()
                .after(timeout.plus(REPLY_TIMEOUT))
                .fail()
                .map(entry -> entry == null ? List.of() : List.of(entry.toString()));
    }

    /** Removes entries that are done with from the worker's list. */
    public Uni<Void> acknowledge(String worker, Collection<String> entries) {
        return entries.isEmpty()
                ? Uni.createFrom().voidItem()
                : ACKNOWLEDGE
                        .run(redis, List.of(PROCESSING + worker), entries.toArray())
                        .replaceWithVoid();
    }

    /** Moves an entry from the worker's list to the delayed ones. */
    public Uni<Void> delay(String worker, String entry, Instant due) {
        return DELAY.run(redis, List.of(PROCESSING + worker, DELAYED), entry, due.toEpochMilli())
                .replaceWithVoid();
    }

    /** Moves delayed entries that are due, up to this many, to ready; returns how many. */
    public Uni<Integer> wakeDelayed(int limit) {
        return WAKE.run(redis, List.of(DELAYED, READY), limit).map(JobQueue::integer);
    }

    /** The entries in the worker's list. */
    public Uni<List<String>> held(String worker) {
        return redis.lrange(PROCESSING + worker, "0", "-1").map(JobQueue::strings);
    }

    /** Moves all that a worker holds back to ready, in front; returns how many. */
    public Uni<Integer> handBack(String worker) {
        return HAND_BACK.run(redis, List.of(PROCESSING + worker, READY)).map(JobQueue::integer);
    }

    /** Says that a worker is alive, for this long. */
    public Uni<Void> beat(String worker, Duration timeout) {
        // In this order: a worker without a heartbeat counts as dead.
        return redis.set(List.of(HEARTBEAT + worker, "1", "PX", Long.toString(timeout.toMillis())))
                .flatMap(set -> redis.sadd(List.of(WORKERS, worker)))
                .replaceWithVoid();
    }

    /** Forgets a worker that holds nothing. */
    public Uni<Void> forget(String worker) {
        return redis.srem(List.of(WORKERS, worker))
                .flatMap(removed -> redis.del(List.of(HEARTBEAT + worker)))
                .replaceWithVoid();
    }

    /** The workers that were alive once and have not beaten in time. */
    public Uni<List<String>> deadWorkers() {
        return redis.smembers(WORKERS)
                .map(JobQueue::strings)
                .flatMap(workers -> workers.isEmpty()
                        ? Uni.createFrom().item(workers)
                        : redis.mget(workers.stream().map(HEARTBEAT::concat).toList())
                                .map(beats -> without(workers, beats)));
    }

    /** The entries that will be taken next. */
    public Uni<List<String>> heads(int limit) {
        return redis.lrange(READY, Integer.toString(-limit), "-1").map(JobQueue::strings);
    }

    /** The jobs that entries name; what cannot be read is left out, and the worker that meets it will say so. */
    public static List<UUID> ids(Collection<String> entries) {
        var ids = new ArrayList<UUID>();
        for (var entry : entries) {
            try {
                ids.add(UUID.fromString(entry));
            } catch (IllegalArgumentException unreadable) {
                // Nothing to name.
            }
        }
        return ids;
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

    private static List<String> command(String key, Stream<String> values) {
        return Stream.concat(Stream.of(key), values).toList();
    }

    private static int integer(Response response) {
        return response.toInteger();
    }

    private static Stream<String> texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString);
    }

    private static List<String> strings(Response response) {
        return StreamSupport.stream(response.spliterator(), false)
                .map(Response::toString)
                .toList();
    }
}
