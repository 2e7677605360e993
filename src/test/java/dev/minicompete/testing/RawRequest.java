package dev.minicompete.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.UUID;

/** A request as it goes over the wire: nothing is encoded, completed or forbidden on the way. */
public final class RawRequest {

    private final String method;
    private final StringBuilder head;
    private byte[] body;

    public RawRequest(String method, String target) {
        this.method = method;
        this.head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        header("Host", "localhost");
        header("Connection", "close");
    }

    /** Adds a header, whatever is in it; null adds none. */
    public RawRequest header(String name, String value) {
        if (value != null) {
            head.append(name).append(": ").append(value).append("\r\n");
        }
        return this;
    }

    /** Adds the token of this user; null is nobody. */
    public RawRequest as(TestUser user) {
        return user == null ? this : header("Authorization", "Bearer " + user.token());
    }

    /** Adds a new idempotency key. */
    public RawRequest key() {
        return header("Idempotency-Key", UUID.randomUUID().toString());
    }

    public RawRequest json(String json) {
        return body("application/json", json.getBytes(UTF_8));
    }

    /** Adds a body with its length and, unless null, its type. */
    public RawRequest body(String type, byte[] bytes) {
        header("Content-Type", type);
        header("Content-Length", Integer.toString(bytes.length));
        body = bytes;
        return this;
    }

    /** Sends it to the application under test and reads the answer to its end, for ten seconds at most. */
    public RawAnswer send() {
        return send(RestAssured.port);
    }

    /** The same, to another port of this machine. */
    public RawAnswer send(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(bytes());
            } catch (IOException refused) {
                // The server may answer and close before it has read all.
            }
            return RawAnswer.parse(method, socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": " + e, e);
        }
    }

    private byte[] bytes() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write((head + "\r\n").getBytes(ISO_8859_1));
        if (body != null) {
            bytes.write(body);
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return head.substring(0, head.indexOf("\r\n"));
    }
}
