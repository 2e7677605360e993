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
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A PostgreSQL and a Redis, and any number of {@link ProductionProcess}es that share them. Registered as an extension in a
 * static field it is new for each class: the servers are the same for all classes of this JVM, but the database is a new one
 * and Redis is empty. Processes that a test starts end with it; those that {@code @BeforeAll} starts end with the class.
 */
final class Cluster implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** Time limits in short: what takes a minute in production takes seconds here. */
    static final Map<String, String> SHORT_LIMITS = Map.of(
            "JOBS_LEASE", "PT2S",
            "JOBS_HEARTBEAT_TIMEOUT", "PT2S",
            "JOBS_RELAY_GRACE", "PT1S",
            "JOBS_MAINTENANCE_INTERVAL", "PT0.2S",
            "JOB_BACKOFF_BASE", "PT0.2S",
            "IDEMPOTENCY_CLAIM_TIMEOUT", "PT3S",
            "QUARKUS_DATASOURCE_REACTIVE_ADDITIONAL_PROPERTIES__IDLE_IN_TRANSACTION_SESSION_TIMEOUT_", "2000");

    private static final Duration DRAINED = Duration.ofSeconds(40);

    private static Servers servers;

    private final List<ProductionProcess> processes = new ArrayList<>();
    private final Map<String, String> instead = new HashMap<>();
    private TestDatabase database;
    private IntSupplier redisPort;
    private int ofTheClass;

    /** What all classes share, made for the first of them and ended with the JVM. */
    private record Servers(EmbeddedServers embedded, TestDatabase template, Path key, TestTokens tokens) {

        static Servers start() {
            try {
                var embedded = EmbeddedServers.temporary(Map.of("max_connections", "200"));
                var template = TestDatabase.of(embedded);
                template.migrate();
                // What was due before the tests is done.
                template.executeAsSuperuser("""
                        INSERT INTO scheduled_runs (name, completed, claim, claimed_until)
                        SELECT name, now(), gen_random_uuid(), now() FROM unnest(ARRAY['reminders', 'purge']) AS name
                        """);
                var key = Files.createTempFile("mini-compete-", ".pem");
                key.toFile().deleteOnExit();
                TestTokens.createKey(key);
                var servers = new Servers(embedded, template, key, new TestTokens(key));
                ProductionProcess.archiveClasses(servers.environment(template, Map.of("SHUTDOWN_DELAY", "PT0S")));
                return servers;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Map<String, String> environment(TestDatabase database, Map<String, String> variables) {
            var environment = new HashMap<>(embedded.environment());
            environment.put("DB_NAME", database.name());
            environment.put("PUBLIC_URL", "https://compete.example");
            environment.put("JWT_PRIVATE_KEY_FILE", key.toString());
            environment.putAll(variables);
            return environment;
        }
    }

    private static synchronized Servers servers() {
        if (servers == null) {
            servers = Servers.start();
        }
        return servers;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        redisPort = () -> redis().port();
        try (var redis = commands()) {
            redis.unpause();
            redis.run("FLUSHALL");
        }
        database = servers().template().copy();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ofTheClass = processes.size();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end(processes.subList(Math.min(ofTheClass, processes.size()), processes.size()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        killAll();
        database.drop();
    }

    /** Starts a process; the given variables are on top of what leads it to the servers. */
    ProductionProcess start(Map<String, String> variables) {
        var process = ProductionProcess.start(environment(variables));
        processes.add(process);
        return process;
    }

    /** Starts several processes at the same time, which takes less than one after the other. */
    List<ProductionProcess> start(int count, Map<String, String> variables) {
        var started = Stream.generate(() -> ProductionProcess.launch(environment(variables)))
                .limit(count)
                .toList();
        processes.addAll(started);
        for (var process : started) {
            process.awaitStarted();
            process.awaitReady(Duration.ofSeconds(20));
        }
        return started;
    }

    /** What leads a process to the servers, and the given variables on top of it. */
    Map<String, String> environment(Map<String, String> variables) {
        var environment = servers().environment(database, instead);
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
        end(processes);
    }

    private static void end(List<ProductionProcess> processes) {
        processes.forEach(ProductionProcess::close);
        processes.clear();
    }

    PostgresServer postgres() {
        return servers().embedded().postgres();
    }

    RedisServer redis() {
        return servers().embedded().redis();
    }

    TestDatabase database() {
        return database;
    }

    TestTokens tokens() {
        return servers().tokens();
    }

    /** Asks for a seat once, as a new participant. */
    Reply register(ProductionProcess process, UUID competition) {
        var participant = database.createParticipant();
        return Http.register(process.api(), competition, tokens().participant(participant), "abc123");
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
}
