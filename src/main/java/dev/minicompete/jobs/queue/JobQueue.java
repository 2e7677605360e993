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
 * The queue of job ids in Redis: {@code ready} and the {@code processing} of each worker are lists, {@code delayed} is a
 * sorted set by due time. No other class uses these keys. Entries enter a list at its left end and leave it at its right end.
 * All keys share a hash tag, so that scripts over several keys work on a Redis Cluster.
 */
@ApplicationScoped
public class JobQueue {

    private static final Logger LOG = Logger.getLogger(JobQueue.class);

    private static final String READY = "{jobs}:ready";
    private static final String DELAYED = "{jobs}:delayed";
    private static final String WORKERS = "{jobs}:workers";
    private static final String PROCESSING = "{jobs}:processing:";
    private static final String HEARTBEAT = "{jobs}:heartbeat:";

    /** After this time without a reply the connection counts as dead or Redis as frozen. */
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
     * Adds jobs at the end of the queue, in this order. Never fails: while Redis is unavailable the jobs stay in the outbox,
     * where the relay finds them.
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
                .invoke(failure ->
                        LOG.debugf("%d jobs were not pushed; the relay will find them: %s", ids.size(), failure))
                .onFailure()
                .recoverWithNull();
    }

    /** Adds jobs, given youngest first, at the front of the queue. */
    public Uni<Void> pushInFront(Collection<UUID> ids) {
        return redis.rpush(command(READY, texts(ids))).replaceWithVoid();
    }

    /** Moves ready entries to the list of the worker until it holds this many; returns all its entries, oldest first. */
    public Uni<List<String>> take(String worker, int limit) {
        return TAKE.run(
                        redis,
                        List.of(READY, PROCESSING + worker, WORKERS, HEARTBEAT + worker),
                        limit,
                        worker,
                        heartbeatTimeout.toMillis())
                .map(JobQueue::strings);
    }

    /** Waits for a ready entry, moves it to the list of the worker and returns it; returns an empty list on timeout. */
    public Uni<List<String>> await(String worker, Duration timeout) {
        return redis.blmove(READY, PROCESSING + worker, "RIGHT", "LEFT", Double.toString(timeout.toMillis() / 1000.0))
                .ifNoItem()
                .after(timeout.plus(REPLY_TIMEOUT))
                .fail()
                .map(entry -> entry == null ? List.of() : List.of(entry.toString()));
    }

    /** Removes entries from the list of the worker. */
    public Uni<Void> acknowledge(String worker, Collection<String> entries) {
        return entries.isEmpty()
                ? Uni.createFrom().voidItem()
                : ACKNOWLEDGE
                        .run(redis, List.of(PROCESSING + worker), entries.toArray())
                        .replaceWithVoid();
    }

    /** Moves an entry from the list of the worker to the delayed entries. */
    public Uni<Void> delay(String worker, String entry, Instant due) {
        return DELAY.run(redis, List.of(PROCESSING + worker, DELAYED), entry, due.toEpochMilli())
                .replaceWithVoid();
    }

    /** Moves up to this many due entries from delayed to ready; returns their number. */
    public Uni<Integer> wakeDelayed(int limit) {
        return WAKE.run(redis, List.of(DELAYED, READY), limit).map(JobQueue::integer);
    }

    /** Returns the entries in the list of the worker. */
    public Uni<List<String>> held(String worker) {
        return redis.lrange(PROCESSING + worker, "0", "-1").map(JobQueue::strings);
    }

    /** Moves all entries of a worker back to the front of the queue; returns their number. */
    public Uni<Integer> handBack(String worker) {
        return HAND_BACK.run(redis, List.of(PROCESSING + worker, READY)).map(JobQueue::integer);
    }

    /** Marks a worker as alive for this long. */
    public Uni<Void> heartbeat(String worker, Duration timeout) {
        // The heartbeat comes first, since a listed worker without one counts as dead.
        return redis.set(List.of(HEARTBEAT + worker, "1", "PX", Long.toString(timeout.toMillis())))
                .flatMap(set -> redis.sadd(List.of(WORKERS, worker)))
                .replaceWithVoid();
    }

    /** Removes a worker whose list is empty. */
    public Uni<Void> removeWorker(String worker) {
        return redis.srem(List.of(WORKERS, worker))
                .flatMap(removed -> redis.del(List.of(HEARTBEAT + worker)))
                .replaceWithVoid();
    }

    /** Returns the registered workers whose heartbeat has expired. */
    public Uni<List<String>> deadWorkers() {
        return redis.smembers(WORKERS)
                .map(JobQueue::strings)
                .flatMap(workers -> workers.isEmpty()
                        ? Uni.createFrom().item(workers)
                        : redis.mget(workers.stream().map(HEARTBEAT::concat).toList())
                                .map(beats -> without(workers, beats)));
    }

    /** Returns up to this many of the entries that will be taken next. */
    public Uni<List<String>> heads(int limit) {
        return redis.lrange(READY, Integer.toString(-limit), "-1").map(JobQueue::strings);
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
