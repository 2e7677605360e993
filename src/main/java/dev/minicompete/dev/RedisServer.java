package dev.minicompete.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * An embedded Redis. The library supplies the executable only, since it hides the process.
 */
public final class RedisServer extends EmbeddedServer {

    private final List<String> options;

    /**
     * Not yet started.
     *
     * @param directory where it keeps its files, in a folder of its own
     * @param wantedPort taken if it is free; 0 for any
     * @param options further words for its command line
     */
    public RedisServer(Path directory, int wantedPort, List<String> options) {
        super(directory.resolve("redis"), "redis.pid", "redis-server", wantedPort);
        this.options = List.copyOf(options);
    }

    @Override
    void launch(int port) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(executable(data), "--port", "" + port, "--bind", "127.0.0.1"));
        command.addAll(List.of("--dir", data.toString(), "--pidfile", pidFile.toString()));
        command.addAll(options);
        awaitReady(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                port);
    }

    /** The program, unpacked into this directory. */
    public static String executable(Path directory) throws IOException {
        return ExecutableProvider.newJarResourceProvider(directory.toFile())
                .get()
                .getPath();
    }

    private void awaitReady(Process process, int port) throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // Another Redis may have the port: only ours writes the pid file.
        while (running().isEmpty() || !responds(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("Redis does not respond on port " + port);
            }
            Thread.sleep(20);
        }
    }

    private static boolean responds(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(500);
            socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), US_ASCII).equals("+PONG");
        } catch (IOException e) {
            return false;
        }
    }

    public String url() {
        return "redis://127.0.0.1:" + port();
    }

    /** The environment variables with which the application uses this server. */
    public Map<String, String> environment() {
        return Map.of("REDIS_URL", url());
    }

    @Override
    public String toString() {
        return "redis-cli -u " + url();
    }
}
