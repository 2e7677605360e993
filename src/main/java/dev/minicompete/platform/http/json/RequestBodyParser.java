package dev.minicompete.platform.http.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parses the bodies that a resource takes as bytes because it checks other things first. Throws {@code malformed-request}
 * when a body is not JSON, and {@code validation} with a JSON pointer when a member is unknown or has a wrong type.
 */
@Singleton
public class RequestBodyParser {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final ObjectMapper mapper;

    RequestBodyParser(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Parses a body; null when there is none.
     *
     * @throws ProblemException {@code unsupported-media-type} when the body is not {@code application/json}
     */
    public <T> @Nullable T parseOptional(HttpHeaders headers, byte @Nullable [] body, Class<T> type) {
        return parseOptional(headers.getMediaType(), body, type);
    }

    <T> @Nullable T parseOptional(@Nullable MediaType mediaType, byte @Nullable [] body, Class<T> type) {
        if (body == null || body.length == 0) {
            return null;
        }
        if (!isType(mediaType, MediaType.APPLICATION_JSON_TYPE)) {
            throw ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.");
        }
        var value = parse(body, type);
        if (value == null) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "A JSON object is needed as the body.");
        }
        return value;
    }

    /** Whether a body has this type, whatever its parameters: JSON defines none (RFC 8259, section 11). */
    public static boolean isType(@Nullable MediaType actual, MediaType expected) {
        return actual != null
                && actual.getType().equalsIgnoreCase(expected.getType())
                && actual.getSubtype().equalsIgnoreCase(expected.getSubtype());
    }

    /**
     * Applies a merge patch (RFC 7396) to an object. The result has the same type.
     *
     * @throws ProblemException {@code validation} when the patch is no object
     */
    public <T> Patched<T> mergePatch(T target, byte[] body, Class<T> type) {
        if (!(parse(body, JsonNode.class) instanceof ObjectNode members)) {
            throw ProblemException.invalid("", "must be an object");
        }
        ObjectNode merged = mapper.valueToTree(target);
        for (var member : members.properties()) {
            if (!merged.has(member.getKey())) {
                throw JacksonProblems.unknownMember(member.getKey());
            }
            merged.set(member.getKey(), member.getValue());
        }
        try {
            return new Patched<>(
                    mapper.treeToValue(merged, type),
                    members.properties().stream().map(Map.Entry::getKey).collect(Collectors.toUnmodifiableSet()));
        } catch (JsonProcessingException malformed) {
            throw JacksonProblems.of(malformed);
        }
    }

    /**
     * An object after a merge patch.
     *
     * @param named the members that the patch contained
     */
    public record Patched<T>(T value, Set<String> named) {}

    /** Null for the JSON {@code null}. */
    private <T> @Nullable T parse(byte[] body, Class<T> type) {
        try {
            return mapper.readValue(utf8(body), type);
        } catch (JsonProcessingException malformed) {
            throw JacksonProblems.of(malformed);
        }
    }

    /**
     * Jackson guesses the encoding and accepts ill-formed UTF-8, so the bytes are decoded before. A byte order mark is ignored (RFC 8259,
     * section 8.1).
     */
    private static String utf8(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "The body is not UTF-8.");
        }
    }
}
