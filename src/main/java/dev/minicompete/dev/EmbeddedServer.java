package dev.minicompete.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that can be stopped or killed, and started again on the same port with the same data. Its pid file identifies its process. */
abstract class EmbeddedServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The directory of its files. */
    final Path data;

    final Path log;
    final Path pidFile;
    private final String program;
    private final int wantedPort;
    private int port;
    private @Nullable ProcessHandle process;

    EmbeddedServer(Path data, String pidFile, String program, int wantedPort) {
        this.data = data;
        this.log = data.resolveSibling(data.getFileName() + ".log");
        this.pidFile = data.resolve(pidFile);
        this.program = program;
        this.wantedPort = wantedPort;
    }

    /** Starts the server. One that runs already is stopped first, also when another process started it. */
    public synchronized void start() {
        stop();
        try {
            Files.createDirectories(data);
            port = port == 0 ? freePort(wantedPort) : port;
            launch(port);
            process = running().orElseThrow(() -> new IOException("there is no " + pidFile));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("%s did not start (%s), see %s".formatted(program, e, log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts the program; returns when it accepts connections. */
    abstract void launch(int port) throws IOException, SQLException, InterruptedException;

    /** Ends the server in an orderly way. */
    public synchronized void stop() {
        end(PATIENCE);
    }

    /** Ends the server and its children by SIGKILL, as a crash would. */
    public synchronized void kill() {
        end(Duration.ZERO);
    }

    @Override
    public void close() {
        stop();
    }

    /** The process that was started last. */
    public ProcessHandle process() {
        if (process == null) {
            throw new IllegalStateException(program + " was not started");
        }
        return process;
    }

    /** Known once the server has been started. */
    public int port() {
        return port;
    }

    /** The process that the pid file names, if it runs and is this program: after a crash the number may belong to another. */
    final Optional<ProcessHandle> running() {
        try {
            var pid = Long.parseLong(Files.readAllLines(pidFile).get(0).trim());
            return ProcessHandle.of(pid).filter(found -> program(found).startsWith(program));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private void end(Duration patience) {
        running().ifPresent(server -> {
            var all = Stream.concat(Stream.of(server), server.descendants()).toList();
            if (!patience.isZero()) {
                server.destroy();
                await(server, patience);
            }
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(ended -> await(ended, PATIENCE));
        });
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(ProcessHandle process, Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        // A zombie counts as alive but has no program. If its parent does not reap it, it never ends.
        while (!program(process).isEmpty() && System.nanoTime() < end) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String program(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> process.isAlive())
                .map(command -> Path.of(command).getFileName().toString())
                .orElse("");
    }

    /** The wanted port if it is free; else, and for 0, any free port. */
    private static int freePort(int wanted) {
        // Below the range for outgoing connections: there a client that reconnects may take a stopped server's port.
        var port = wanted == 0 ? ThreadLocalRandom.current().nextInt(20_000, 32_000) : wanted;
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            return freePort(0);
        }
    }
}
