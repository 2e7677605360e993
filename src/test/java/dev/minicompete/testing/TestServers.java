package dev.minicompete.testing;

import dev.minicompete.dev.EmbeddedServers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The PostgreSQL and the Redis of every {@code @QuarkusTest}: one pair for the whole JVM, ended with it. Each test profile
 * has a class loader and so a copy of this class of its own; what they share stands in the system properties.
 */
@WithTestResource(value = TestServers.class, scope = TestResourceScope.GLOBAL)
public final class TestServers implements QuarkusTestResourceLifecycleManager {

    private static final String PREFIX = "minicompete.test.";

    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(environment());
        settings.put("HOST", "127.0.0.1");
        settings.put("SEED_DATA", "false");
        // Tests call what is scheduled themselves.
        settings.put("SCHEDULER_ENABLED", "false");
        // What is lost is found and what fails is tried again without a test waiting for it.
        settings.put("jobs.relay-grace", "PT1S");
        settings.put("jobs.maintenance-interval", "PT0.2S");
        settings.put("JOB_BACKOFF_BASE", "PT0.4S");
        // Few registrations are enough for several chunks.
        settings.put("registration.promotion-chunk", "7");
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        // For the package, which knows nothing of test ports.
        settings.put("MANAGEMENT_PORT", "0");
        return settings;
    }

    @Override
    public void stop() {
        // The next profile goes on with the same servers.
    }

    /** The application's database. */
    public static TestDatabase database() {
        var environment = environment();
        return new TestDatabase("127.0.0.1", Integer.parseInt(environment.get("DB_PORT")), environment.get("DB_NAME"));
    }

    /** Tokens as the application signs them. */
    public static TestTokens tokens() {
        return new TestTokens(Path.of(environment().get("JWT_PRIVATE_KEY_FILE")));
    }

    /** Where Redis is. */
    public static String redisUrl() {
        return environment().get("REDIS_URL");
    }

    private static Map<String, String> environment() {
        synchronized (System.class) {
            if (System.getProperty(PREFIX + "DB_PORT") == null) {
                startServers().forEach((name, value) -> System.setProperty(PREFIX + name, value));
            }
            return read(System.getProperties());
        }
    }

    private static Map<String, String> startServers() {
        try {
            var key = Files.createTempFile("mini-compete-", ".pem");
            key.toFile().deleteOnExit();
            TestTokens.createKey(key);
            var environment = new HashMap<>(
                    EmbeddedServers.temporary(Map.of("max_connections", "200")).environment());
            environment.put("JWT_PRIVATE_KEY_FILE", key.toString());
            return environment;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(Properties properties) {
        var environment = new HashMap<String, String>();
        for (var name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                environment.put(name.substring(PREFIX.length()), properties.getProperty(name));
            }
        }
        return environment;
    }
}
