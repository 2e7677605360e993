package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.dev.PostgresServer;
import dev.minicompete.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Debian's PgBouncer in transaction mode, with fewer connections to PostgreSQL than clients have to it. */
final class PgBouncer implements AutoCloseable {

    private static final String UNPRIVILEGED = "nobody";

    private final int port = Ports.free();
    private final Path log;
    private final Process process;

    PgBouncer(PostgresServer postgres) {
        var program = Tool.PGBOUNCER.require();
        try {
            var directory = Files.createTempDirectory("mini-compete-pgbouncer-");
            var users =
                    Files.writeString(directory.resolve("users"), "\"%1$s\" \"%1$s\"\n".formatted(PostgresServer.NAME));
            var settings =
                    Files.writeString(directory.resolve("pgbouncer.ini"), """
                    [databases]
                    * = host=127.0.0.1 port=%d
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = plain
                    auth_file = %s
                    pool_mode = transaction
                    default_pool_size = 8
                    max_client_conn = 200
                    """.formatted(postgres.port(), port, users));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            log = directory.resolve("log");
            process = new ProcessBuilder(command(program, settings))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("PgBouncer, see " + log).atMost(Duration.ofSeconds(10)).until(this::listens);
    }

    /** It refuses to run as root, which containers often are. */
    private static List<String> command(Path program, Path settings) {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid", UNPRIVILEGED, "--regid", "nogroup", "--clear-groups"));
        }
        command.addAll(List.of(program.toString(), settings.toString()));
        return command;
    }

    private boolean listens() {
        assertThat(process.isAlive()).isTrue();
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What leads a process through this pooler. */
    Map<String, String> environment() {
        return Map.of("DB_PORT", "" + port, "DB_POOLER", "transaction");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
