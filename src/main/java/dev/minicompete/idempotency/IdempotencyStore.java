package dev.minicompete.idempotency;

import dev.minicompete.redis.LuaScript;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.RedisAPI;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
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

    private final RedisAPI redis;
    private final IdempotencyConfig config;

    IdempotencyStore(RedisAPI redis, IdempotencyConfig config) {
        this.redis = redis;
        this.config = config;
    }

    /** What became of a try to claim a key. */
    sealed interface Outcome {

        /** The key is the caller's until it completes or releases it, or the claim runs out. */
        record Claimed(String key, String token) implements Outcome {}

        /** Somebody else works on it. */
        record InProgress() implements Outcome {}

        /** It was answered before, to a request of this fingerprint. */
        record Answered(String fingerprint, Answer answer) implements Outcome {}

        /** Redis does not say. */
        record Unknown() implements Outcome {}
    }

    /** Claims a key, unless it is claimed or answered already. */
    Uni<Outcome> claim(String key) {
        var token = CLAIM + UUID.randomUUID();
        return redis.set(List.of(key, token, "NX", "PX", millis(config.claimTimeout())))
                .flatMap(set -> set != null
                        ? Uni.createFrom().item((Outcome) new Outcome.Claimed(key, token))
                        : redis.get(key).map(held -> held == null ? new Outcome.InProgress() : read(held.toString())))
                .ifNoItem()
                .after(config.redisTimeout())
                .fail()
                .onFailure()
                .invoke(failure -> LOG.debugf("No idempotency key from Redis: %s", failure))
                .onFailure()
                .recoverWithItem(new Outcome.Unknown());
    }

    /** Replaces the claim by the answer. */
    Uni<Void> complete(Outcome.Claimed claim, String fingerprint, Answer answer) {
        var text = write(fingerprint, answer);
        return attempt(api -> COMPLETE.run(api, List.of(claim.key), claim.token, text, millis(config.retention())));
    }

    /** Drops the claim, so that the key can be used again. */
    Uni<Void> release(Outcome.Claimed claim) {
        return attempt(api -> RELEASE.run(api, List.of(claim.key), claim.token));
    }

    private Uni<Void> attempt(Function<RedisAPI, Uni<?>> step) {
        return step.apply(redis)
                .replaceWithVoid()
                .ifNoItem()
                .after(config.redisTimeout())
                .fail()
                .onFailure()
                .invoke(failure -> LOG.debugf("Redis does not keep an answer: %s", failure))
                .onFailure()
                .recoverWithNull();
    }

    private static String write(String fingerprint, Answer answer) {
        var location = answer.location() == null ? "" : answer.location();
        return answer.status() + "\n" + fingerprint + "\n" + location + "\n" + answer.body();
    }

    private static Outcome read(String held) {
        if (held.startsWith(CLAIM)) {
            return new Outcome.InProgress();
        }
        var fields = held.split("\n", 4);
        var location = fields[2].isEmpty() ? null : fields[2];
        return new Outcome.Answered(fields[1], new Answer(Integer.parseInt(fields[0]), location, fields[3], true));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
