package dev.minicompete.platform.http.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Maps Jackson's exceptions to problems. */
final class JacksonProblems {

    private static final Map<Class<?>, String> TYPES = Map.of(
            String.class, "a string",
            Integer.class, "a whole number",
            int.class, "a whole number",
            Boolean.class, "true or false",
            boolean.class, "true or false",
            Instant.class, "a timestamp in a string");

    private JacksonProblems() {}

    /** {@code malformed-request} for what is not JSON, {@code validation} with a JSON pointer for what has a wrong type. */
    static ProblemException of(JsonProcessingException failure) {
        if (failure instanceof StreamConstraintsException || failure.getCause() instanceof StreamConstraintsException) {
            return malformed("The body is nested too deeply, or a number or name in it is too long.");
        }
        if (failure.getCause() instanceof StreamReadException syntax && !(syntax instanceof InputCoercionException)) {
            return of(syntax);
        }
        if (failure instanceof JsonMappingException mapping) {
            return mapping.getPath().isEmpty()
                    ? malformed("The body must be one JSON object.")
                    : ProblemException.invalid(pointer(mapping), detail(mapping));
        }
        var at = failure.getLocation();
        var where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        return malformed("The body is not valid JSON" + where + ".");
    }

    /** The problem of a member that the type does not have. */
    static ProblemException unknownMember(String name) {
        return ProblemException.invalid(step(name), "is not a known property");
    }

    private static ProblemException malformed(String detail) {
        return ProblemException.of(ProblemType.MALFORMED_REQUEST, detail);
    }

    private static String pointer(JsonMappingException failure) {
        return failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? "/" + step.getIndex() : step(step.getFieldName()))
                .collect(Collectors.joining());
    }

    /** A reference token of RFC 6901, with its two escapes. */
    private static String step(String member) {
        return "/" + member.replace("~", "~0").replace("/", "~1");
    }

    private static String detail(JsonMappingException failure) {
        if (failure.getCause() instanceof InputCoercionException) {
            return "is out of range";
        }
        if (failure instanceof UnrecognizedPropertyException) {
            return "is not a known property";
        }
        if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "must be " + describe(mismatch.getTargetType());
        }
        return failure.getOriginalMessage().startsWith("must ") ? failure.getOriginalMessage() : "is invalid";
    }

    private static String describe(Class<?> type) {
        return TYPES.getOrDefault(type, Collection.class.isAssignableFrom(type) ? "an array" : "an object");
    }
}
