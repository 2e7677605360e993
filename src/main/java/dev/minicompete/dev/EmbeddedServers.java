package dev.minicompete.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL and a Redis from libraries, so that dev mode and the tests need nothing installed. Any number of pairs can run
 * at the same time.
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
        var absolute = directory.toAbsolutePath();
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
            var directory = Files.createTempDirectory("mini-compete-");
            var servers = new EmbeddedServers(
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

    public PostgresServer postgres() {
        return postgres;
    }

    public RedisServer redis() {
        return redis;
    }

    /** The environment variables with which the application uses both. */
    public Map<String, String> environment() {
        var environment = new HashMap<>(postgres.environment());
        environment.putAll(redis.environment());
        return environment;
    }

    @Override
    public synchronized void close() {
        redis.close();
        postgres.close();
        if (temporary && Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
