package dev.minicompete.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.minicompete.platform.bootstrap.DotEnv;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jboss.logging.Logger;

/**
 * The main class of dev mode. It starts the servers that the environment does not name. A live reload runs it again; by then
 * system properties name the servers. {@code %dev.quarkus.package.main-class} selects this class, so production does not refer to it.
 */
public final class DevMain {

    private static final Logger LOG = Logger.getLogger(DevMain.class);
    private static final Path DIRECTORY = Path.of(".dev");

    private DevMain() {}

    public static void main(String... args) {
        try {
            SmallRyeConfig environment = DotEnv.setProperties();
            boolean postgres =
                    environment.getOptionalValue("DB_HOST", String.class).isEmpty();
            boolean redis =
                    environment.getOptionalValue("REDIS_URL", String.class).isEmpty();
            if (postgres || redis) {
                startServers(postgres, redis);
            }
        } catch (IOException | RuntimeException e) {
            // An exception would leave dev mode half started, and a log record would be lost at the exit.
            System.err.println(e.getMessage());
            System.exit(1);
        }
        Quarkus.run(args);
    }

    private static void startServers(boolean postgres, boolean redis) throws IOException {
        FileChannel lock = lock();
        EmbeddedServers servers = EmbeddedServers.in(DIRECTORY, 15432, 16379);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(servers, lock), "embedded servers"));
        if (postgres) {
            servers.postgres().start();
            servers.postgres().environment().forEach(System::setProperty);
            LOG.infof("PostgreSQL: %s (data in %s/)", servers.postgres(), DIRECTORY);
        }
        if (redis) {
            servers.redis().start();
            servers.redis().environment().forEach(System::setProperty);
            LOG.infof("Redis: %s (data in %s/)", servers.redis(), DIRECTORY);
        }
    }

    /** Locks the directory until the process ends. The holder may end servers that a killed dev mode left behind. */
    private static FileChannel lock() throws IOException {
        Files.createDirectories(DIRECTORY);
        FileChannel lock =
                FileChannel.open(DIRECTORY.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IllegalStateException("Another dev mode runs in this directory, process "
                    + Files.readString(DIRECTORY.resolve("lock")) + "; stop it first");
        }
        lock.truncate(0).write(US_ASCII.encode("" + ProcessHandle.current().pid()));
        return lock;
    }

    private static void stop(EmbeddedServers servers, FileChannel lock) {
        // All shutdown hooks run at once. The application must end before its servers, or it would log lost
        // connections.
        Application application = Application.currentApplication();
        if (application != null) {
            application.awaitShutdown();
        }
        servers.close();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("The lock was not released", e);
        }
    }
}
