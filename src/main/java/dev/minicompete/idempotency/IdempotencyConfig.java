package dev.minicompete.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long keys and answers live in Redis. */
@ConfigMapping(prefix = "idempotency")
interface IdempotencyConfig {

    /** How long the key of a process that died stays claimed; every request is over long before. */
    @WithDefault("PT25S")
    Duration claimTimeout();

    /** How long an answer is kept. */
    @WithDefault("PT24H")
    Duration retention();

    /** How long to wait for Redis before going on without it. */
    @WithDefault("PT0.4S")
    Duration redisTimeout();
}
