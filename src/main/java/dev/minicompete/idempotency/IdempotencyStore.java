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
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Stores keys and their responses in Redis. While a request is in progress its key is claimed by {@code SET NX} with a token;
 * only the owner of the token can replace the claim by a response or release it. If Redis is unavailable the state of a key
 * is {@link KeyState.Unknown}; nothing here fails.
 */
@ApplicationScoped
class IdempotencyStore {

    private static final Logger LOG = Logger.getLogger(IdempotencyStore.class);

    private static final LuaScript COMPLETE = new LuaScript("idempotency-complete.lua");
    private static final LuaScript RELEASE = new LuaScript("idempotency-release.lua");

    /** First character of a claim. A response starts with the digits of its status. */
    private static final String CLAIM = "?";

    private final RedisPipeline redis;
    private final IdempotencyConfig config;

    IdempotencyStore(Vertx vertx, Redis redis, RedisServers servers, IdempotencyConfig config) {
        this.redis = new RedisPipeline(vertx, redis, servers.isCluster(), config.redisTimeout());
        this.config = config;
    }

    /** The state of a key after an attempt to claim it. */
    sealed interface KeyState {

        /** The caller has claimed the key, until it completes or releases it or the claim expires. */
        record Claimed(String key, String token) implements KeyState {}

        /** Another request has claimed the key. */
        record InProgress() implements KeyState {}

        /** A request with this fingerprint got this response. */
        record Completed(String fingerprint, IdempotentResponse response) implements KeyState {}

        /** Redis is unavailable. */
        record Unknown() implements KeyState {}
    }

    /** Claims a key, unless it is claimed or has a response. */
    Uni<KeyState> claim(String key) {
        var token = CLAIM + UUID.randomUUID();
        var claim = Request.cmd(Command.SET)
                .arg(key)
                .arg(token)
                .arg("NX")
                .arg("PX")
                .arg(config.claimTimeout().toMillis());
        return uni(redis.send(claim)
                .flatMap(set -> set == null ? read(key) : Future.succeededFuture(new KeyState.Claimed(key, token)))
                .otherwise(failure -> {
                    LOG.debugf("Redis did not return an idempotency key: %s", failure);
                    return new KeyState.Unknown();
                }));
    }

    /** By MGET, since GET would fail on a key of a wrong type, and with it the other commands of its batch. */
    private Future<KeyState> read(String key) {
        return redis.send(Request.cmd(Command.MGET).arg(key))
                .map(values -> values.get(0))
                .flatMap(value -> value == null
                        ? redis.send(Request.cmd(Command.TYPE).arg(key)).map(type -> absent(type.toString()))
                        : Future.succeededFuture(parse(value.toString())));
    }

    /** The state of a key without a value: the claim has expired in the meantime, or the key has a wrong type. */
    private static KeyState absent(String type) {
        return type.equals("none") || type.equals("string") ? new KeyState.InProgress() : new KeyState.Unknown();
    }

    /** Replaces the claim by the response. */
    Uni<Void> complete(KeyState.Claimed claim, String fingerprint, IdempotentResponse response) {
        return attempt(COMPLETE.request(
                List.of(claim.key),
                claim.token,
                write(fingerprint, response),
                config.retention().toMillis()));
    }

    /** Deletes the claim, so that the key can be used again. */
    Uni<Void> release(KeyState.Claimed claim) {
        return attempt(RELEASE.request(List.of(claim.key), claim.token));
    }

    private Uni<Void> attempt(Request step) {
        return uni(redis.send(step).<Void>mapEmpty().otherwise(failure -> {
            LOG.debugf("Redis did not store a response: %s", failure);
            return null;
        }));
    }

    private static <T> Uni<T> uni(Future<T> future) {
        return UniHelper.toUni(future);
    }

    /** Processes of other versions read it, too: the format must not change. */
    private static String write(String fingerprint, IdempotentResponse response) {
        var location = response.location() == null ? "" : response.location();
        return response.status() + "\n" + fingerprint + "\n" + location + "\n" + response.body();
    }

    private static KeyState parse(String value) {
        if (value.startsWith(CLAIM)) {
            return new KeyState.InProgress();
        }
        var fields = value.split("\n", 4);
        var location = fields[2].isEmpty() ? null : fields[2];
        return new KeyState.Completed(
                fields[1], new IdempotentResponse(Integer.parseInt(fields[0]), location, fields[3], true));
    }
}
