package dev.minicompete.platform.redis;

import io.quarkus.redis.client.RedisHostsProvider;
import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Configures both Redis clients with the servers of {@code REDIS_URL}. With TLS, their certificates must name the host. */
@Singleton
@Default
@Identifier("redis-url")
public class RedisServers implements RedisHostsProvider, RedisOptionsCustomizer {

    private static final int CONNECT_MILLIS = 1_000;

    /** Longer than any command takes. The pool closes unused connections earlier. */
    private static final int IDLE_TIMEOUT_SECONDS = 4;

    private final RedisUrl url;

    private final Optional<String> rootCertificates;

    RedisServers(
            @ConfigProperty(name = "redis.url") Optional<String> url,
            @ConfigProperty(name = "redis.ssl-root-cert") Optional<String> rootCertificates) {
        this.url = RedisUrl.parse(url.orElse(RedisUrl.DEFAULT));
        this.rootCertificates = rootCertificates;
    }

    /** Whether the servers are a cluster, so that keys may lie on several of them. */
    public boolean isCluster() {
        return url.type() == RedisClientType.CLUSTER;
    }

    /** Only the first host: Quarkus rejects several before {@link #customize} can set the type of client. */
    @Override
    public Set<URI> getHosts() {
        return Set.of(URI.create(url.hosts().get(0)));
    }

    @Override
    public void customize(String clientName, RedisOptions options) {
        options.setType(url.type()).setEndpoints(url.hosts());
        if (url.master() != null) {
            options.setMasterName(url.master());
        }
        options.getNetClientOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(IDLE_TIMEOUT_SECONDS);
        rootCertificates.ifPresent(file -> options.getNetClientOptions()
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(Path.of(file).toAbsolutePath().toString())));
    }
}
