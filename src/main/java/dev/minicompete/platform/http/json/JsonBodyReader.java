package dev.minicompete.platform.http.json;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/**
 * Reads the JSON body of a request into the record that a resource method takes. The body is required: without one the
 * answer is 400 {@code malformed-request}. A type other than {@code application/json} is 415, and malformed JSON is a
 * problem as {@link RequestBodyParser} describes it.
 *
 * <p>Such methods consume any type: Quarkus compares a narrower {@code @Consumes} with the request before it checks the
 * token, and the contract wants 401 and 403 before 415.
 */
@Provider
@Consumes(MediaType.WILDCARD)
class JsonBodyReader implements MessageBodyReader<Object> {

    private final RequestBodyParser json;

    JsonBodyReader(RequestBodyParser json) {
        this.json = json;
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type.isRecord();
    }

    /** The parameter {@code media} is no use: Quarkus has turned {@code application/x+json} into JSON there. */
    @Override
    public Object readFrom(
            Class<Object> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        var contentType = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        var sent = contentType == null ? null : MediaType.valueOf(contentType);
        var value = json.parseOptional(sent, body.readAllBytes(), type);
        if (value == null) {
            throw ProblemException.of(ProblemType.MALFORMED_REQUEST, "A JSON object is needed as the body.");
        }
        return value;
    }
}
