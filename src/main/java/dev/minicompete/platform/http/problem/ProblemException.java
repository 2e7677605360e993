package dev.minicompete.platform.http.problem;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Ends a request with a problem. It is a regular outcome: it has no stack trace and is not logged. */
public final class ProblemException extends RuntimeException {

    private final ProblemType type;
    private final Problem problem;
    private final Map<String, String> headers;

    private ProblemException(ProblemType type, Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.type = type;
        this.problem = problem;
        this.headers = headers;
    }

    /** A problem of this type, with a sentence for people. */
    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(type, Problem.of(type, detail, null, null), Map.of());
    }

    /** A temporary problem, with {@code Retry-After} in whole seconds, at least 1. */
    public static ProblemException retryAfter(ProblemType type, String detail, Duration delay) {
        var seconds = Math.max(1, (delay.toMillis() + 999) / 1000);
        return new ProblemException(
                type, Problem.of(type, detail, null, null), Map.of("Retry-After", Long.toString(seconds)));
    }

    /** A {@code validation} problem with these violations, of which there is at least one. */
    public static ProblemException invalid(List<Violation> violations) {
        var first = violations.get(0);
        var detail = violations.size() == 1
                ? (first.pointer().isEmpty() ? "The body" : first.pointer()) + " " + first.detail() + "."
                : violations.size() + " values are invalid; see errors.";
        var problem = Problem.of(ProblemType.VALIDATION, detail, violations, null);
        return new ProblemException(ProblemType.VALIDATION, problem, Map.of());
    }

    /** A {@code validation} problem with one violation. */
    public static ProblemException invalid(String pointer, String detail) {
        return invalid(List.of(new Violation(pointer, detail)));
    }

    /** Nothing at this path, or nothing that the caller may see. */
    public static ProblemException notFound() {
        return of(ProblemType.NOT_FOUND, "There is nothing at this address.");
    }

    /** The participant is registered already. */
    public static ProblemException alreadyRegistered(UUID registrationId) {
        var detail = "You are registered for this competition already.";
        var problem = Problem.of(ProblemType.ALREADY_REGISTERED, detail, null, registrationId);
        return new ProblemException(ProblemType.ALREADY_REGISTERED, problem, Map.of());
    }

    /** A bearer token that is not valid (RFC 6750, section 3.1). */
    public static ProblemException invalidToken() {
        return challenge(
                ProblemType.INVALID_TOKEN,
                "The access token is malformed, expired or not ours.",
                "Bearer realm=\"mini-compete\", error=\"invalid_token\"");
    }

    /** No bearer token where one is required. */
    public static ProblemException authenticationRequired() {
        return challenge(
                ProblemType.AUTHENTICATION_REQUIRED,
                "Log in and send the access token as a bearer token.",
                "Bearer realm=\"mini-compete\"");
    }

    /** A valid token whose role is not sufficient. */
    public static ProblemException wrongRole() {
        return challenge(
                ProblemType.FORBIDDEN,
                "Your role does not allow this.",
                "Bearer realm=\"mini-compete\", error=\"insufficient_scope\"");
    }

    private static ProblemException challenge(ProblemType type, String detail, String challenge) {
        return new ProblemException(type, Problem.of(type, detail, null, null), Map.of("WWW-Authenticate", challenge));
    }

    /** Whether the failure is a problem of this type. */
    public static boolean is(Throwable failure, ProblemType type) {
        return failure instanceof ProblemException problem && problem.type == type;
    }

    /** The type of problem. */
    public ProblemType type() {
        return type;
    }

    /** The body of the response. */
    public Problem problem() {
        return problem;
    }

    /** Headers of the response, by name. */
    public Map<String, String> headers() {
        return headers;
    }
}
