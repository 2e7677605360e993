package dev.minicompete.platform.http.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses {@link StrictJson} and says with a JSON pointer what is wrong. */
@Singleton
public class JsonParser {

    private final ObjectMapper mapper;

    JsonParser(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Parses a body.
     *
     * @throws ProblemException when it is not UTF-8, not JSON, or not of the type
     */
    public <T> T parse(byte[] body, Type type) {
        try {
            return mapper.readValue(utf8(body), mapper.constructType(type));
        } catch (JsonProcessingException malformed) {
            throw problem(malformed);
        }
    }

    /**
     * Parses a body that a resource took unread, to check other things first.
     *
     * @param headers which say whether it is JSON
     * @return the value, or null when there is no body
     * @throws ProblemException when the body is not announced as JSON, or {@link #parse} throws
     */
    public <T> T parseOptional(HttpHeaders headers, byte[] body, Class<T> type) {
        if (body == null || body.length == 0) {
            return null;
        }
        if (!contentType(headers).equals(MediaType.APPLICATION_JSON)) {
            throw ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.");
        }
        return required(parse(body, type));
    }

    /**
     * The same where there must be a body.
     *
     * @throws ProblemException {@code malformed-request} when there is none, or {@link #parseOptional} throws
     */
    public <T> T parseRequired(HttpHeaders headers, byte[] body, Class<T> type) {
        return required(parseOptional(headers, body, type));
    }

    private static <T> T required(T value) {
        if (value == null) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "A JSON object is needed as the body.");
        }
        return value;
    }

    /**
     * The type of a body without its parameters, which say nothing of JSON (RFC 8259, section 11), in lower case; empty
     * when there is none, or what there is can be read as none.
     */
    public static String contentType(HttpHeaders headers) {
        try {
            var type = headers.getMediaType();
            return type == null ? "" : (type.getType() + "/" + type.getSubtype()).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    /**
     * Applies a merge patch (RFC 7396) to an object and reads the outcome as one of the same type.
     *
     * @throws ProblemException when the patch is no object, has unknown members or members of a wrong type
     */
    public <T> Patched<T> mergePatch(T target, byte[] body, Class<T> type) {
        JsonNode patch = parse(body, JsonNode.class);
        if (!(patch instanceof ObjectNode members)) {
            throw ProblemException.invalid("", "must be an object");
        }
        ObjectNode merged = mapper.valueToTree(target);
        for (var member : members.properties()) {
            if (!merged.has(member.getKey())) {
                throw ProblemException.invalid(step(member.getKey()), "is not a known property");
            }
            merged.set(member.getKey(), member.getValue());
        }
        try {
            return new Patched<>(
                    mapper.treeToValue(merged, type),
                    members.properties().stream().map(Map.Entry::getKey).collect(Collectors.toUnmodifiableSet()));
        } catch (JsonProcessingException malformed) {
            throw problem(malformed);
        }
    }

    /**
     * What a merge patch made.
     *
     * @param named the members that the patch named
     */
    public record Patched<T>(T value, Set<String> named) {}

    /** Jackson guesses the encoding and lets ill-formed UTF-8 pass; the JDK's decoder does neither. */
    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "The body is not UTF-8.");
        }
    }

    private static ProblemException problem(JsonProcessingException failure) {
        if (failure instanceof StreamConstraintsException || failure.getCause() instanceof StreamConstraintsException) {
            return ProblemException.of(
                    ProblemType.MALFORMED_REQUEST, "The body has a number or a name that is too long, or is too deep.");
        }
        if (failure.getCause() instanceof StreamReadException syntax && !(syntax instanceof InputCoercionException)) {
            return problem(syntax);
        }
        if (failure instanceof JsonMappingException mapping && mapping.getPath().isEmpty()) {
            return ProblemException.of(ProblemType.MALFORMED_REQUEST, "The body must be one JSON object.");
        }
        if (failure instanceof JsonMappingException mapping) {
            return ProblemException.invalid(pointer(mapping), detail(mapping));
        }
        var at = failure.getLocation();
        var where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, "The body is not valid JSON" + where + ".");
    }

    /** RFC 6901, with its two escapes. */
    private static String pointer(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? "/" + step.getIndex() : step(step.getFieldName()))
                .collect(Collectors.joining());
    }

    private static String step(String member) {
        return "/" + member.replace("~", "~0").replace("/", "~1");
    }

    private static String detail(JsonMappingException failure) {
        if (failure.getCause() instanceof InputCoercionException) {
            return "must be a whole number within reach";
        }
        if (failure instanceof UnrecognizedPropertyException) {
            return "is not a known property";
        }
        if (failure instanceof InvalidFormatException format && format.getTargetType() == Instant.class) {
            return "must be an RFC 3339 timestamp with an offset or Z, such as 2030-01-31T23:59:59Z";
        }
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + describe(mismatch.getTargetType());
        }
        return failure.getOriginalMessage().startsWith("must ") ? failure.getOriginalMessage() : "is not acceptable";
    }

    private static String describe(Class<?> type) {
        if (type == String.class) {
            return "a string";
        }
        if (type == Integer.class || type == int.class) {
            return "a whole number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Instant.class) {
            return "a timestamp in a string";
        }
        return Collection.class.isAssignableFrom(type) ? "an array" : "an object";
    }
}
