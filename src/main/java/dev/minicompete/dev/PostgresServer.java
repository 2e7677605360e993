package dev.minicompete.dev;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An embedded PostgreSQL with the application's database, owned by a role without privileges as in production.
 */
public final class PostgresServer extends EmbeddedServer {

    /** Name of the database and of the role that owns it, and the role's password. */
    public static final String NAME = "minicompete";

    private final Map<String, String> settings;
    private @Nullable EmbeddedPostgres server;

    PostgresServer(Path directory, int wantedPort, Map<String, String> settings) {
        super(directory.resolve("postgresql"), "postmaster.pid", "postgres", wantedPort);
        this.settings = Map.copyOf(settings);
    }

    @Override
    void launch(int port) throws IOException, SQLException, InterruptedException {
        server = configure(port).start();
        // The library accepts any PostgreSQL that responds on the port.
        if (server.getProcess().waitFor() != 0) {
            throw new IOException("pg_ctl failed");
        }
        createDatabase(server);
    }

    private EmbeddedPostgres.Builder configure(int port) {
        var builder = EmbeddedPostgres.builder()
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
                // A killed server would leave its socket file behind.
                .setServerConfig("unix_socket_directories", "");
        settings.forEach(builder::setServerConfig);
        return builder;
    }

    private static void createDatabase(EmbeddedPostgres server) throws SQLException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var sql = connection.createStatement()) {
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

    /** Ends the server in an orderly way; clients are disconnected. */
    @Override
    public synchronized void stop() {
        close(server);
        super.stop();
    }

    @Override
    public synchronized void kill() {
        super.kill();
        close(server);
    }

    private void close(@Nullable EmbeddedPostgres running) {
        server = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** For the role {@link #NAME} or the superuser {@code postgres}; no password is asked for. */
    public String jdbcUrl(String user) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port(), NAME, user);
    }

    /** The environment variables with which the application uses this server. */
    public Map<String, String> environment() {
        return Map.of(
                "DB_HOST", "127.0.0.1", "DB_PORT", "" + port(), "DB_NAME", NAME, "DB_USER", NAME, "DB_PASSWORD", NAME);
    }

    @Override
    public String toString() {
        return "psql postgresql://%s:%s@127.0.0.1:%d/%s".formatted(NAME, NAME, port(), NAME);
    }
}
