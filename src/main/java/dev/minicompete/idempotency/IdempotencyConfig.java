package dev.minicompete.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Time limits of idempotency keys in Redis. */
@ConfigMapping(prefix = "idempotency")
interface IdempotencyConfig {

    /** Lifetime of a claim; longer than any request, it limits how long the key of a dead process is blocked. */
    @WithDefault("PT25S")
    Duration claimTimeout();

    /** How long responses are stored. */
    @WithDefault("PT24H")
    Duration retention();

    /** How long a request waits for Redis before it continues without it. */
    @WithDefault("PT0.4S")
    Duration redisTimeout();
}
