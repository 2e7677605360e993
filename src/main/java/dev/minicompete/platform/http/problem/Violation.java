package dev.minicompete.platform.http.problem;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * One violation of a request.
 *
 * @param pointer a JSON pointer (RFC 6901) into the body, or a parameter's name
 * @param detail a sentence without its subject, such as {@code must be at least 1}
 */
@RegisterForReflection
public record Violation(String pointer, String detail) {}
