package dev.minicompete.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/**
 * An embedded Redis. It can be stopped or killed and started again on the same port. The library supplies the executable
 * only, since it hides the process.
 */
public final class RedisServer implements AutoCloseable {

    private final Path directory;
    private final Path log;
    private final int wantedPort;
    private final List<String> options;
    private final ServerProcess byPidFile;
    private int port;
    private @Nullable Process process;

    /**
     * Not yet started.
     *
     * @param directory where it keeps its files, in a folder of its own
     * @param wantedPort taken if it is free; 0 for any
     * @param options further words for its command line
     */
    public RedisServer(Path directory, int wantedPort, List<String> options) {
        this.directory = directory.resolve("redis");
        this.log = directory.resolve("redis.log");
        this.wantedPort = wantedPort;
        this.options = List.copyOf(options);
        this.byPidFile = new ServerProcess(this.directory.resolve("redis.pid"), "redis-server");
    }

    public synchronized void start() {
        stop();
        try {
            Files.createDirectories(directory);
            byPidFile.end(Duration.ofSeconds(10));
            port = port == 0 ? EmbeddedServers.freePort(wantedPort) : port;
            List<String> command = new ArrayList<>(List.of(
                    executable(directory),
                    "--port",
                    "" + port,
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    directory.toString(),
                    "--pidfile",
                    byPidFile.pidFile().toString()));
            command.addAll(options);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            awaitReady(process);
        } catch (IOException e) {
            throw new IllegalStateException("Redis did not start (%s), see %s".formatted(e, log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The program, unpacked into this directory. */
    public static String executable(Path directory) throws IOException {
        return ExecutableProvider.newJarResourceProvider(directory.toFile())
                .get()
                .getPath();
    }

    private void awaitReady(Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // Another Redis may have the port: only ours writes the pid file.
        while (byPidFile.find().isEmpty() || !answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("Redis does not answer on port " + port);
            }
            Thread.sleep(20);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(500);
            socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the server in an orderly way: it writes its data to disk if it has persistence. */
    public synchronized void stop() {
        if (process != null) {
            end(process, Duration.ofSeconds(10));
        }
    }

    /** Ends the server by SIGKILL, as a crash would. */
    public synchronized void kill() {
        process().destroyForcibly();
        stop();
    }

    private static void end(Process process, Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    public ProcessHandle process() {
        return requireNonNull(process, "Redis was not started").toHandle();
    }

    /** Known once the server has been started. */
    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** What the application must be told to use this server. */
    public Map<String, String> environment() {
        return Map.of("REDIS_URL", url());
    }

    @Override
    public String toString() {
        return "redis-cli -u " + url();
    }
}
