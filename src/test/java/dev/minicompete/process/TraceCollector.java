package dev.minicompete.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Takes traces by OTLP over HTTP, as an OpenTelemetry collector does, and keeps of each span what the tests ask for. */
final class TraceCollector implements AutoCloseable {

    /** A span; the parent's id is empty when it is the first of its trace. */
    record Span(String trace, String id, String parent, String name, boolean hasFailed) {}

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    TraceCollector() throws IOException {
        this(0);
    }

    /** On this port; 0 takes a free one. */
    TraceCollector(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The spans of this name that have come so far. */
    List<Span> spans(String name) {
        return spans.stream().filter(span -> span.name.equals(name)).toList();
    }

    /** Those of them that tell of no failure: a job that is tried again has a span for each attempt. */
    List<Span> succeeded(String name) {
        return spans(name).stream().filter(span -> !span.hasFailed).toList();
    }

    List<Span> spans() {
        return spans;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody();
            // ExportTraceServiceRequest.resource_spans → ResourceSpans.scope_spans → ScopeSpans.spans
            for (var resource : fields(ByteBuffer.wrap(body.readAllBytes()), 1)) {
                for (var scope : fields(resource, 2)) {
                    fields(scope, 2).forEach(span -> spans.add(span(span)));
                }
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Span span(ByteBuffer message) {
        // Span.status → Status.message, which a failure has
        var failures = fields(message, 15).stream().flatMap(status -> fields(status, 2).stream());
        return new Span(
                hex(message, 1),
                hex(message, 2),
                hex(message, 4),
                text(message, 5),
                failures.findAny().isPresent());
    }

    private static String hex(ByteBuffer message, int number) {
        return fields(message, number).stream()
                .map(field -> HexFormat.of().formatHex(bytes(field)))
                .findFirst()
                .orElse("");
    }

    private static String text(ByteBuffer message, int number) {
        return new String(bytes(fields(message, number).get(0)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer field) {
        var bytes = new byte[field.remaining()];
        field.duplicate().get(bytes);
        return bytes;
    }

    /** The fields of this number in a message of Protocol Buffers that have a length. */
    private static List<ByteBuffer> fields(ByteBuffer message, int number) {
        Map<Integer, List<ByteBuffer>> found = new HashMap<>();
        var rest = message.slice().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            var tag = varint(rest);
            switch ((int) (tag & 7)) {
                case 0 -> varint(rest);
                case 1 -> rest.position(rest.position() + Long.BYTES);
                case 2 -> {
                    var length = (int) varint(rest);
                    found.computeIfAbsent((int) (tag >> 3), any -> new ArrayList<>())
                            .add(rest.slice(rest.position(), length));
                    rest.position(rest.position() + length);
                }
                case 5 -> rest.position(rest.position() + Integer.BYTES);
                default -> throw new IllegalArgumentException("No message of Protocol Buffers");
            }
        }
        return found.getOrDefault(number, List.of());
    }

    private static long varint(ByteBuffer bytes) {
        var value = 0L;
        for (var shift = 0; ; shift += 7) {
            var next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
