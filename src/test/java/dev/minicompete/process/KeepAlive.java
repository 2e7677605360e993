package dev.minicompete.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A client that sends one request after the other on a connection, as long as the server does not ask it to close. */
final class KeepAlive {

    private static final AtomicLong ANSWERS = new AtomicLong();

    private KeepAlive() {}

    /** How many answers all of these clients got. */
    static long answers() {
        return ANSWERS.get();
    }

    /** Asks until it is to stop; fails when a request that was sent gets no answer. Returns whether it was asked to close. */
    static boolean getUntil(BooleanSupplier over, URI server) throws IOException {
        var asked = false;
        while (!over.getAsBoolean()) {
            try (var socket = new Socket(server.getHost(), server.getPort())) {
                var in = new BufferedInputStream(socket.getInputStream());
                var close = false;
                while (!close && !over.getAsBoolean()) {
                    socket.getOutputStream()
                            .write("GET /api/competitions?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(US_ASCII));
                    close = answer(in);
                    ANSWERS.incrementAndGet();
                }
                asked |= close;
            }
        }
        return asked;
    }

    /** Reads an answer to its end; returns whether it was the last on this connection. */
    private static boolean answer(InputStream in) throws IOException {
        if (!line(in).startsWith("HTTP/1.1 200")) {
            throw new IOException("not served");
        }
        var close = false;
        var length = 0;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            close |= header.equalsIgnoreCase("Connection: close");
            if (header.toLowerCase().startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        if (in.readNBytes(length).length < length) {
            throw new IOException("cut off within an answer");
        }
        return close;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("cut off");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
