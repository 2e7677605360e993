package dev.minicompete.idempotency;

import dev.minicompete.platform.redis.LuaScript;
import dev.minicompete.platform.redis.RedisPipeline;
import dev.minicompete.platform.redis.RedisServers;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Keys and their answers in Redis. A key is claimed with {@code SET NX} and a token while it is worked on, and only the
 * token's owner may replace the claim by an answer or drop it. Redis being away is an outcome here, never a failure: whoever
 * asks goes on without it.
 */
@ApplicationScoped
class IdempotencyStore {

    private static final Logger LOG = Logger.getLogger(IdempotencyStore.class);

    private static final LuaScript COMPLETE = new LuaScript("idempotency-complete.lua");
    private static final LuaScript RELEASE = new LuaScript("idempotency-release.lua");

    /** What a claim begins with; an answer begins with a digit of its status. */
    private static final String CLAIM = "?";

    private final RedisPipeline redis;
    private final IdempotencyConfig config;

    IdempotencyStore(Vertx vertx, Redis redis, RedisServers servers, IdempotencyConfig config) {
        this.redis = new RedisPipeline(vertx, redis, servers.isCluster(), config.redisTimeout());
        this.config = config;
    }

    /** What became of a try to claim a key. */
    sealed interface Outcome {

        /** The key is the caller's until it completes or releases it, or the claim runs out. */
        record Claimed(String key, String token) implements Outcome {}

        /** Somebody else works on it. */
        record InProgress() implements Outcome {}

        /** It was answered before, to a request of this fingerprint. */
        record Answered(String fingerprint, IdempotentResponse answer) implements Outcome {}

        /** Redis does not say. */
        record Unknown() implements Outcome {}
    }

    /** Claims a key, unless it is claimed or answered already. */
    Uni<Outcome> claim(String key) {
        var token = CLAIM + UUID.randomUUID();
        var claim = Request.cmd(Command.SET)
                .arg(key)
                .arg(token)
                .arg("NX")
                .arg("PX")
                .arg(config.claimTimeout().toMillis());
        return outcome(redis.send(claim)
                .flatMap(set -> set == null
                        ? redis.send(Request.cmd(Command.GET).arg(key)).map(IdempotencyStore::read)
                        : Future.succeededFuture(new Outcome.Claimed(key, token)))
                .otherwise(failure -> {
                    LOG.debugf("No idempotency key from Redis: %s", failure);
                    return new Outcome.Unknown();
                }));
    }

    /** Replaces the claim by the answer. */
    Uni<Void> complete(Outcome.Claimed claim, String fingerprint, IdempotentResponse answer) {
        return attempt(COMPLETE.request(
                List.of(claim.key),
                claim.token,
                write(fingerprint, answer),
                config.retention().toMillis()));
    }

    /** Drops the claim, so that the key can be used again. */
    Uni<Void> release(Outcome.Claimed claim) {
        return attempt(RELEASE.request(List.of(claim.key), claim.token));
    }

    private Uni<Void> attempt(Request step) {
        return outcome(redis.send(step).<Void>mapEmpty().otherwise(failure -> {
            LOG.debugf("Redis does not keep an answer: %s", failure);
            return null;
        }));
    }

    private static <T> Uni<T> outcome(Future<T> future) {
        return UniHelper.toUni(future);
    }

    private static String write(String fingerprint, IdempotentResponse answer) {
        var location = answer.location() == null ? "" : answer.location();
        return answer.status() + "\n" + fingerprint + "\n" + location + "\n" + answer.body();
    }

    private static Outcome read(Response reply) {
        // The claim that was in the way ran out in the meantime.
        if (reply == null) {
            return new Outcome.InProgress();
        }
        var held = reply.toString();
        if (held.startsWith(CLAIM)) {
            return new Outcome.InProgress();
        }
        var fields = held.split("\n", 4);
        var location = fields[2].isEmpty() ? null : fields[2];
        return new Outcome.Answered(
                fields[1], new IdempotentResponse(Integer.parseInt(fields[0]), location, fields[3], true));
    }
}
