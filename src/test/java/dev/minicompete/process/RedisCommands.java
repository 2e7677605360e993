package dev.minicompete.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Commands to Redis over a connection of its own, in its protocol (RESP2). */
final class RedisCommands implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    RedisCommands(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(10_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The reply: a text, a number, a list, or null. */
    Object run(String... words) {
        try {
            var command = new ByteArrayOutputStream();
            command.writeBytes(("*" + words.length + "\r\n").getBytes(UTF_8));
            for (var word : words) {
                var bytes = word.getBytes(UTF_8);
                command.writeBytes(("$" + bytes.length + "\r\n").getBytes(UTF_8));
                command.writeBytes(bytes);
                command.writeBytes("\r\n".getBytes(UTF_8));
            }
            socket.getOutputStream().write(command.toByteArray());
            return reply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The job queue's lists and sets that are not empty, with their lengths. */
    Map<String, Object> queues() {
        var lengths = new TreeMap<String, Object>();
        for (var key : (List<?>) run("KEYS", "{jobs}:*")) {
            switch ((String) run("TYPE", (String) key)) {
                case "list" -> lengths.put((String) key, run("LLEN", (String) key));
                case "zset" -> lengths.put((String) key, run("ZCARD", (String) key));
                default -> {}
            }
        }
        return lengths;
    }

    /** Lets no command change anything until {@link #unpause}; one whose client goes in the meantime is never run. */
    void pauseWrites() {
        run("CLIENT", "PAUSE", "600000", "WRITE");
    }

    /** Waits until Redis has noticed that every other client is gone. */
    void awaitAlone() {
        await("no other client")
                .until(() -> ((String) run("CLIENT", "LIST")).lines().count() == 1);
    }

    void unpause() {
        run("CLIENT", "UNPAUSE");
    }

    private Object reply() throws IOException {
        var type = in.read();
        var line = line();
        return switch (type) {
            case '+' -> line;
            case ':' -> Long.valueOf(line);
            case '$' -> line.equals("-1") ? null : bulk(Integer.parseInt(line));
            case '*' -> list(Integer.parseInt(line));
            default -> throw new IllegalStateException("Redis: " + line);
        };
    }

    private String bulk(int length) throws IOException {
        var text = new String(in.readNBytes(length), UTF_8);
        line();
        return text;
    }

    private List<Object> list(int length) throws IOException {
        var items = new ArrayList<>();
        for (var i = 0; i < length; i++) {
            items.add(reply());
        }
        return items;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var c = in.read(); c != '\n'; c = in.read()) {
            if (c == -1) {
                throw new IOException("Redis hung up");
            }
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
