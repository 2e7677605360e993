package dev.minicompete.platform.redis;

import io.smallrye.config.ConfigMapping;

/** Where Redis is. */
@ConfigMapping(prefix = "redis")
interface RedisConfig {

    /** In the notation of {@link RedisUrl}. */
    String url();
}
