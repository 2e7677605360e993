package dev.minicompete.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A PostgreSQL and a Redis out of libraries, so that neither dev mode nor the tests need anything installed. Any number of
 * pairs can run side by side.
 */
public final class EmbeddedServers implements AutoCloseable {

    private final Path directory;
    private final boolean temporary;
    private final PostgresServer postgres;
    private final RedisServer redis;

    private EmbeddedServers(Path directory, boolean temporary, PostgresServer postgres, RedisServer redis) {
        this.directory = directory;
        this.temporary = temporary;
        this.postgres = postgres;
        this.redis = redis;
    }

    /** Not yet started; both keep their data in the directory and take the given ports if they are free. */
    public static EmbeddedServers in(Path directory, int postgresPort, int redisPort) {
        Path absolute = directory.toAbsolutePath();
        return new EmbeddedServers(
                absolute,
                false,
                new PostgresServer(absolute, postgresPort, Map.of()),
                new RedisServer(absolute, redisPort, List.of("--save", "60", "1")));
    }

    /**
     * Started, on free ports, in a temporary directory that goes with {@link #close()}; Redis keeps nothing on disk.
     *
     * @param postgresSettings as in postgresql.conf
     */
    public static EmbeddedServers temporary(Map<String, String> postgresSettings) {
        try {
            Path directory = Files.createTempDirectory("mini-compete-");
            EmbeddedServers servers = new EmbeddedServers(
                    directory,
                    true,
                    new PostgresServer(directory, 0, postgresSettings),
                    new RedisServer(directory, 0, List.of("--save", "")));
            Runtime.getRuntime().addShutdownHook(new Thread(servers::close));
            servers.postgres.start();
            servers.redis.start();
            return servers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code wanted} if it is free. */
    static int freePort(int wanted) {
        // Below the range for outgoing connections: there a client that reconnects may take a stopped server's port.
        int port = wanted == 0 ? ThreadLocalRandom.current().nextInt(20_000, 32_000) : wanted;
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            return freePort(0);
        }
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public RedisServer redis() {
        return redis;
    }

    /** What the application must be told to use both. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(postgres.environment());
        environment.putAll(redis.environment());
        return environment;
    }

    @Override
    public synchronized void close() {
        redis.close();
        postgres.close();
        if (temporary && Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
