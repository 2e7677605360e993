package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.dev.EmbeddedServers;
import dev.minicompete.dev.PostgresServer;
import dev.minicompete.dev.RedisServer;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;

/** A PostgreSQL and a Redis, and any number of {@link ProductionProcess}es that share them. */
final class Cluster implements AutoCloseable {

    /** Time limits in short: what takes a minute in production takes seconds here. */
    static final Map<String, String> SHORT_LIMITS = Map.of(
            "JOBS_LEASE", "PT2S",
            "JOBS_HEARTBEAT_TIMEOUT", "PT2S",
            "JOBS_RELAY_GRACE", "PT1S",
            "JOBS_MAINTENANCE_INTERVAL", "PT0.2S",
            "JOB_BACKOFF_BASE", "PT0.2S",
            "IDEMPOTENCY_CLAIM_TIMEOUT", "PT3S");

    private static final Duration DRAINED = Duration.ofSeconds(40);

    private final EmbeddedServers servers;
    private final Path key;
    private final TestTokens tokens;
    private final TestDatabase database;
    private final List<ProductionProcess> processes = new ArrayList<>();
    private final Map<String, String> instead = new HashMap<>();
    private IntSupplier redisPort;

    Cluster() {
        try {
            servers = EmbeddedServers.temporary(Map.of("max_connections", "200"));
            key = Files.createTempFile("mini-compete-", ".pem");
            key.toFile().deleteOnExit();
            TestTokens.createKey(key);
            tokens = new TestTokens(key);
            database = TestDatabase.of(servers);
            redisPort = () -> servers.redis().port();
            database.migrate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a process; the given variables are on top of what leads it to the servers. */
    ProductionProcess start(Map<String, String> variables) {
        var process = ProductionProcess.start(environment(variables));
        processes.add(process);
        return process;
    }

    /** What leads a process to the servers, and the given variables on top of it. */
    Map<String, String> environment(Map<String, String> variables) {
        var environment = new HashMap<>(servers.environment());
        environment.put("JWT_PRIVATE_KEY_FILE", key.toString());
        environment.putAll(instead);
        environment.putAll(variables);
        return environment;
    }

    /**
     * Leads processes to another Redis than this one's own.
     *
     * @param port of whichever server has the jobs just then
     */
    void useRedis(String url, IntSupplier port) {
        instead.put("REDIS_URL", url);
        redisPort = port;
    }

    /** Kills every process that still runs; the servers go on. */
    void killAll() {
        processes.forEach(ProductionProcess::close);
        processes.clear();
    }

    PostgresServer postgres() {
        return servers.postgres();
    }

    RedisServer redis() {
        return servers.redis();
    }

    TestDatabase database() {
        return database;
    }

    TestTokens tokens() {
        return tokens;
    }

    /** Asks for a seat once, as a new participant. */
    Reply register(ProductionProcess process, UUID competition) {
        var participant = database.createParticipant();
        return Http.register(process.api(), competition, tokens.participant(participant), "abc123");
    }

    RedisCommands commands() {
        return new RedisCommands(redisPort.getAsInt());
    }

    /** Waits until nothing is left to do, in PostgreSQL and in Redis, and holds everything against the invariants. */
    void assertDrainedAndSound(UUID... competitions) {
        var oracle = competitions.length == 0 ? new Oracle(database) : new Oracle(database, competitions);
        oracle.awaitDrained(DRAINED);
        oracle.assertInvariants();
        awaitEmptyQueue();
    }

    /** Waits until Redis holds no job in any state. */
    void awaitEmptyQueue() {
        try (var redis = commands()) {
            await("an empty queue")
                    .atMost(DRAINED)
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(() -> assertThat(redis.queues()).isEmpty());
        }
    }

    @Override
    public void close() {
        killAll();
        servers.close();
    }
}
