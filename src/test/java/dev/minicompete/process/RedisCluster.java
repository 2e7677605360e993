package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.dev.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three masters, each with a third of the slots. */
final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final int MASTERS = 3;

    private final List<RedisServer> masters;

    RedisCluster() {
        masters = IntStream.range(0, MASTERS).mapToObj(i -> master()).toList();
        masters.forEach(RedisServer::start);
        for (var i = 0; i < MASTERS; i++) {
            try (var redis = new RedisCommands(masters.get(i).port())) {
                redis.run(slots("ADDSLOTS", i));
                redis.run("CLUSTER", "MEET", "127.0.0.1", "" + masters.get(0).port());
            }
        }
        awaitWhole();
    }

    private static RedisServer master() {
        try {
            Path directory = Files.createTempDirectory("mini-compete-cluster-");
            return new RedisServer(
                    directory, 0, List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--save", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] slots(String command, int master) {
        var own = IntStream.range(0, SLOTS).filter(slot -> slot * MASTERS / SLOTS == master);
        return Stream.concat(Stream.of("CLUSTER", command), own.mapToObj(Integer::toString))
                .toArray(String[]::new);
    }

    /** Waits until every master knows all others and that all slots are served. */
    void awaitWhole() {
        await("a whole cluster")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> masters.forEach(master -> {
                    try (var redis = new RedisCommands(master.port())) {
                        assertThat((String) redis.run("CLUSTER", "INFO"))
                                .contains("cluster_state:ok", "cluster_known_nodes:" + MASTERS);
                    }
                }));
    }

    /** All masters in one {@code REDIS_URL}. */
    String url() {
        return masters.stream()
                .map(master -> "127.0.0.1:" + master.port())
                .collect(Collectors.joining(",", "redis://", ""));
    }

    List<RedisServer> masters() {
        return masters;
    }

    /** The master that has the jobs. */
    RedisServer jobs() {
        try (var redis = new RedisCommands(masters.get(0).port())) {
            var slot = (Long) redis.run("CLUSTER", "KEYSLOT", "{jobs}:ready");
            return masters.get((int) (slot * MASTERS / SLOTS));
        }
    }

    @Override
    public void close() {
        masters.forEach(RedisServer::close);
    }
}
