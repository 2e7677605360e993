package dev.minicompete.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.minicompete.problem.ProblemException;
import dev.minicompete.problem.ProblemType;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Reads request bodies as {@link StrictJson} and says with a JSON pointer what is wrong. An empty body reads as null. */
@Provider
@Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
class StrictJsonReader implements ServerMessageBodyReader<Object> {

    private final ObjectMapper mapper;

    StrictJsonReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, ResteasyReactiveResourceInfo resource, MediaType media) {
        return true;
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return true;
    }

    @Override
    public Object readFrom(Class<Object> type, Type generic, MediaType media, ServerRequestContext context)
            throws IOException {
        return read(generic, context.getInputStream());
    }

    @Override
    public Object readFrom(
            Class<Object> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return read(generic, body);
    }

    private Object read(Type type, InputStream body) throws IOException {
        var bytes = body.readAllBytes();
        if (bytes.length == 0) {
            return null;
        }
        try {
            return mapper.readValue(utf8(bytes), mapper.constructType(type));
        } catch (JsonProcessingException malformed) {
            throw problem(malformed);
        }
    }

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
        if (failure.getCause() instanceof StreamReadException syntax && !(syntax instanceof InputCoercionException)) {
            return problem(syntax);
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
                .map(step -> step.getFieldName() == null
                        ? "/" + step.getIndex()
                        : "/" + step.getFieldName().replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
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
