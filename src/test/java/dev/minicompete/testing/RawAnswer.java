package dev.minicompete.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An answer as it came over the wire.
 *
 * @param headers by name, whatever its case
 */
public record RawAnswer(int status, Map<String, List<String>> headers, String body) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static RawAnswer parse(String method, byte[] bytes) {
        var text = new String(bytes, ISO_8859_1);
        var end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no answer, but the connection's end after: " + text);
        }
        var lines = text.substring(0, end).split("\r\n");
        Map<String, List<String>> headers = List.of(lines).subList(1, lines.length).stream()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.groupingBy(
                        field -> field[0],
                        () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                        Collectors.mapping(field -> field[1], Collectors.toList())));
        var body = text.substring(end + 4);
        var chunked = headers.containsKey("Transfer-Encoding") && !method.equals("HEAD");
        return new RawAnswer(
                Integer.parseInt(lines[0].split(" ")[1]),
                headers,
                new String(chunked ? joined(body) : body.getBytes(ISO_8859_1), UTF_8));
    }

    /** What a client library received. */
    static RawAnswer of(Response answer) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        answer.headers()
                .forEach(
                        header -> headers.put(header.getName(), answer.headers().getValues(header.getName())));
        return new RawAnswer(answer.statusCode(), headers, answer.asString());
    }

    private static byte[] joined(String chunks) {
        var joined = new ByteArrayOutputStream();
        for (var at = 0; at < chunks.length(); ) {
            var start = chunks.indexOf("\r\n", at) + 2;
            var length = Integer.parseInt(chunks.substring(at, start - 2), 16);
            joined.writeBytes(chunks.substring(start, start + length).getBytes(ISO_8859_1));
            at = start + length + 2;
        }
        return joined.toByteArray();
    }

    /** The header's first value, or null. */
    public String header(String name) {
        return headers.containsKey(name) ? headers.get(name).get(0) : null;
    }

    public JsonNode json() {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + body, e);
        }
    }

    /** The problem's code, or an empty text when it is no problem. */
    public String code() {
        return "application/problem+json".equals(header("Content-Type"))
                ? json().path("code").asText()
                : "";
    }
}
