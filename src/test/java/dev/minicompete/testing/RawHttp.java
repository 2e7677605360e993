package dev.minicompete.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;

/** Requests that no client library would send. */
public final class RawHttp {

    private RawHttp() {}

    /** Sends these bytes and reads the answer until the server closes the connection; ask it to. */
    public static String send(String request) {
        return send(RestAssured.port, request);
    }

    /** The same, to another port of this machine. */
    public static String send(int port, String request) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            } catch (IOException refused) {
                // The server may answer and close before it has read all.
            }
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
