package dev.minicompete.dev;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An embedded PostgreSQL with the application's database, owned by a role without privileges as in production. It can be
 * stopped or killed and started again on the same port with the same data.
 */
public final class PostgresServer implements AutoCloseable {

    /** Name of the database and of the role that owns it, and the role's password. */
    public static final String NAME = "minicompete";

    private final Path data;
    private final Path log;
    private final int wantedPort;
    private final Map<String, String> settings;
    private final ServerProcess process;
    private int port;
    private @Nullable EmbeddedPostgres server;

    PostgresServer(Path directory, int wantedPort, Map<String, String> settings) {
        this.data = directory.resolve("postgresql");
        this.log = directory.resolve("postgresql.log");
        this.wantedPort = wantedPort;
        this.settings = Map.copyOf(settings);
        this.process = new ServerProcess(data.resolve("postmaster.pid"), "postgres");
    }

    public synchronized void start() {
        stop();
        try {
            Files.createDirectories(data);
            process.end(Duration.ofSeconds(10));
            port = port == 0 ? EmbeddedServers.freePort(wantedPort) : port;
            server = configure().start();
            // The library is content with any PostgreSQL that answers on the port.
            if (server.getProcess().waitFor() != 0) {
                throw new IllegalStateException("PostgreSQL did not start, see " + log);
            }
            createDatabase(server);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("PostgreSQL did not start (%s), see %s".formatted(e, log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private EmbeddedPostgres.Builder configure() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                // In the locale C, which bare machines have, pg_trgm and lower() know no letters but ASCII.
                .setLocaleConfig("locale", System.getProperty("os.name").startsWith("Mac") ? "en_US.UTF-8" : "C.UTF-8")
                // The library turns these two off, but dev mode and tests want production's durability and timing.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                // A socket file would be one more thing that a killed server leaves behind.
                .setServerConfig("unix_socket_directories", "");
        settings.forEach(builder::setServerConfig);
        return builder;
    }

    private static void createDatabase(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement sql = connection.createStatement()) {
            if (!sql.executeQuery("SELECT FROM pg_roles WHERE rolname = '" + NAME + "'")
                    .next()) {
                sql.execute("CREATE ROLE " + NAME + " LOGIN PASSWORD '" + NAME + "'");
            }
            if (!sql.executeQuery("SELECT FROM pg_database WHERE datname = '" + NAME + "'")
                    .next()) {
                sql.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
            }
        }
    }

    /** Ends the server in an orderly way; clients are cut off. */
    public synchronized void stop() {
        if (server == null) {
            return;
        }
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            server = null;
        }
        process.end(Duration.ofSeconds(10));
    }

    /** Ends the server and its backends by SIGKILL, as a crash would. */
    public synchronized void kill() {
        process.end(Duration.ZERO);
        stop();
    }

    @Override
    public void close() {
        stop();
    }

    /** The postmaster; its children are the backends, and {@link #kill()} ends them all. */
    public ProcessHandle process() {
        return process.find().orElseThrow(() -> new IllegalStateException("PostgreSQL does not run"));
    }

    /** Known once the server has been started. */
    public int port() {
        return port;
    }

    /** For the role {@link #NAME} or the superuser {@code postgres}; no password is asked for. */
    public String jdbcUrl(String user) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port, NAME, user);
    }

    /** What the application must be told to use this server. */
    public Map<String, String> environment() {
        return Map.of(
                "DB_HOST", "127.0.0.1", "DB_PORT", "" + port, "DB_NAME", NAME, "DB_USER", NAME, "DB_PASSWORD", NAME);
    }

    @Override
    public String toString() {
        return "psql postgresql://%s:%s@127.0.0.1:%d/%s".formatted(NAME, NAME, port, NAME);
    }
}
