package dev.minicompete.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.impl.RedisURI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

    private static RedisUrl url(RedisClientType type, String master, String... hosts) {
        return new RedisUrl(type, List.of(hosts), master);
    }

    @Test
    void oneHostIsStandalone() {
        assertThat(RedisUrl.parse("redis://localhost:6379"))
                .isEqualTo(url(RedisClientType.STANDALONE, null, "redis://localhost:6379"));
        assertThat(RedisUrl.parse("rediss://app:p%40ss@redis.internal/3"))
                .isEqualTo(url(RedisClientType.STANDALONE, null, "rediss://app:p%40ss@redis.internal/3"));
        assertThat(RedisUrl.parse("redis://:secret@[::1]:7000/"))
                .isEqualTo(url(RedisClientType.STANDALONE, null, "redis://:secret@[::1]:7000"));
    }

    @Test
    void severalHostsAreACluster() {
        assertThat(RedisUrl.parse("rediss://:secret@a:1,b:2, c"))
                .isEqualTo(url(
                        RedisClientType.CLUSTER,
                        null,
                        "rediss://:secret@a:1",
                        "rediss://:secret@b:2",
                        "rediss://:secret@c"));
        assertThat(RedisUrl.parse("redis://a:1,redis://b:2/0"))
                .isEqualTo(url(RedisClientType.CLUSTER, null, "redis://a:1/0", "redis://b:2/0"));
    }

    @Test
    void oneHostIsAClusterWhenOptionIsGiven() {
        assertThat(RedisUrl.parse("redis://a:1?cluster=true"))
                .isEqualTo(url(RedisClientType.CLUSTER, null, "redis://a:1"));
    }

    @Test
    void sentinelOptionNamesMaster() {
        assertThat(RedisUrl.parse("redis://:secret@a:26379,b:26379/1?sentinel=mymaster"))
                .isEqualTo(url(
                        RedisClientType.SENTINEL,
                        "mymaster",
                        "redis://:secret@a:26379/1",
                        "redis://:secret@b:26379/1"));
        assertThat(RedisUrl.parse("redis://a?sentinel=main.eu-1").master()).isEqualTo("main.eu-1");
    }

    @Test
    void plusInPasswordStaysPlus() {
        var host = RedisUrl.parse("redis://a+b:c+d%2Be%20f$@h").hosts().get(0);
        var options = new RedisOptions().setConnectionString(host);
        assertThat(new RedisURI(options.getEndpoint()).user()).isEqualTo("a+b");
        assertThat(new RedisURI(options.getEndpoint()).password()).isEqualTo("c+d+e f$");
        assertThat(RedisUrl.parse("redis://:+@a,b").hosts()).containsExactly("redis://:%2B@a", "redis://:%2B@b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "localhost:6379",
                "http://localhost",
                "redis:localhost",
                "redis://",
                "redis://:6379",
                "redis://a:b",
                "redis://a:65536",
                "redis://a:0",
                "redis://a,",
                "redis://a,,b",
                "redis://a/x",
                "redis://a b",
                "redis://:p%zz@a",
                "redis://:p#q@a",
                "redis://:p/q@a",
                "redis://password-alone@a",
                "redis://a#b",
                "redis://a,http://b",
                "redis://a?sentinel",
                "redis://a?sentinel=",
                "redis://a,b?cluster=false",
                "redis://a?master=m",
                "redis://a,b/1",
                "redis://a?cluster=true&sentinel=m"
            })
    void malformedUrlIsRejected(String text) {
        assertThatThrownBy(() -> RedisUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
