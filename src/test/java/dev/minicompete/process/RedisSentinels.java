package dev.minicompete.process;

import static org.awaitility.Awaitility.await;

import dev.minicompete.dev.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A master, its replica, and three sentinels that make the one the other when it is gone. */
final class RedisSentinels implements AutoCloseable {

    private static final String MASTER = "seats";

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Process> sentinels = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    RedisSentinels() {
        try {
            var directory = Files.createTempDirectory("mini-compete-sentinel-");
            var master = server(directory.resolve("a"), List.of("--save", ""));
            server(
                    directory.resolve("b"),
                    List.of(
                            "--save",
                            "",
                            "--replicaof",
                            "127.0.0.1",
                            "" + master.port(),
                            "--repl-diskless-sync-delay",
                            "0"));
            for (var i = 0; i < 3; i++) {
                sentinel(Files.createDirectories(directory.resolve("sentinel-" + i)), master.port());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("sentinels that know the replica and each other")
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> ports.stream().allMatch(RedisSentinels::knowsAll));
    }

    private RedisServer server(Path directory, List<String> options) throws IOException {
        var server = new RedisServer(Files.createDirectories(directory), 0, options);
        server.start();
        servers.add(server);
        return server;
    }

    private void sentinel(Path directory, int master) throws IOException {
        var port = Ports.free();
        var settings =
                Files.writeString(directory.resolve("sentinel.conf"), """
                bind 127.0.0.1
                port %d
                dir %s
                sentinel monitor %3$s 127.0.0.1 %4$d 2
                sentinel down-after-milliseconds %3$s 1000
                sentinel failover-timeout %3$s 5000
                """.formatted(port, directory, MASTER, master));
        ports.add(port);
        sentinels.add(new ProcessBuilder(RedisServer.executable(directory), settings.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start());
    }

    private static boolean knowsAll(int port) {
        try (var sentinel = new RedisCommands(port)) {
            return ((List<?>) sentinel.run("SENTINEL", "SENTINELS", MASTER)).size() == 2
                    && ((List<?>) sentinel.run("SENTINEL", "REPLICAS", MASTER)).size() == 1;
        }
    }

    /** The sentinels in one {@code REDIS_URL}. */
    String url() {
        return ports.stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(",", "redis://", "?sentinel=" + MASTER));
    }

    /** The port of whoever is master just now. */
    int masterPort() {
        try (var sentinel = new RedisCommands(ports.get(0))) {
            var address = (List<?>) sentinel.run("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
            return Integer.parseInt((String) address.get(1));
        }
    }

    RedisServer master() {
        var port = masterPort();
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        sentinels.forEach(Process::destroyForcibly);
        servers.forEach(RedisServer::close);
    }
}
