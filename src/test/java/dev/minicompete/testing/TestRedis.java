package dev.minicompete.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;

/** Commands to the application's Redis, in the plain protocol that needs no client. */
public final class TestRedis {

    private TestRedis() {}

    /** Makes Redis forget everything. */
    public static void flush() {
        send("FLUSHALL");
    }

    /** Sends one command of words without white space and returns the first line of the reply. */
    public static String send(String command) {
        var server = URI.create(TestServers.redisUrl());
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream().write((command + "\r\n").getBytes(UTF_8));
            var line = new StringBuilder();
            for (var c = socket.getInputStream().read();
                    c >= 0 && c != '\r';
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
            return line.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
