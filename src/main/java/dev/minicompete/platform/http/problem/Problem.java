package dev.minicompete.platform.http.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A problem detail as of <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>; the body of every error.
 *
 * @param code the stable last part of {@code type}
 * @param errors the violations, for {@code validation} only
 * @param registrationId the existing registration, for {@code already-registered} only
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "code", "errors", "registrationId"})
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable List<Violation> errors,
        @Nullable UUID registrationId) {

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(
            ProblemType type, String detail, @Nullable List<Violation> errors, @Nullable UUID registrationId) {
        return new Problem(
                "urn:mini-compete:problem:" + type.code(),
                type.title(),
                type.status(),
                detail,
                type.code(),
                errors,
                registrationId);
    }

    /** The same problem with another status. */
    Problem withStatus(int status) {
        return new Problem(type, title, status, detail, code, errors, registrationId);
    }
}
