package dev.minicompete.platform.redis;

import io.smallrye.config.ConfigMapping;

/** How to connect to Redis. */
@ConfigMapping(prefix = "redis")
interface RedisConfig {

    /** The servers, as {@link RedisUrl} describes. */
    String url();
}
