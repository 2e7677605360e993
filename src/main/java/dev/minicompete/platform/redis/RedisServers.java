package dev.minicompete.platform.redis;

import io.quarkus.redis.client.RedisHostsProvider;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.smallrye.common.annotation.Identifier;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Leads both Redis clients to what {@code REDIS_URL} names. */
@Singleton
@Default
@Identifier("redis-url")
public class RedisServers implements RedisHostsProvider, RedisOptionsCustomizer {

    private static final int CONNECT_MILLIS = 1_000;

    /** Nothing of ours takes Redis as long, and the pool ends what it does not use: what is silent for so long is dead. */
    private static final int SILENCE_SECONDS = 4;

    private final RedisUrl url;

    RedisServers(RedisConfig config) {
        this.url = RedisUrl.parse(config.url());
    }

    /** Whether keys may lie on several servers. */
    public boolean isCluster() {
        return url.kind() == RedisUrl.Kind.CLUSTER;
    }

    /** The first alone: Quarkus takes several for a mistake before it lets anybody say what they are. */
    @Override
    public Set<URI> getHosts() {
        return Set.of(URI.create(url.hosts().get(0)));
    }

    @Override
    public void customize(String clientName, RedisOptions options) {
        options.setType(RedisClientType.valueOf(url.kind().name())).setEndpoints(url.hosts());
        if (url.master() != null) {
            options.setMasterName(url.master());
        }
        options.getNetClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(SILENCE_SECONDS);
    }
}
