package dev.minicompete.platform.http.problem;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * One thing wrong with a request.
 *
 * @param pointer a JSON pointer (RFC 6901) into the body, or a parameter's name
 * @param detail what is wrong, in words
 */
@RegisterForReflection
public record Violation(String pointer, String detail) {}
