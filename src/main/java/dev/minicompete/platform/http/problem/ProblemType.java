package dev.minicompete.platform.http.problem;

import java.util.Locale;

/** The types of problem, each with its status and title. The name in kebab case is the stable code. */
public enum ProblemType {
    VALIDATION(400, "Invalid request"),
    MALFORMED_REQUEST(400, "Malformed request"),
    IDEMPOTENCY_KEY_MISSING(400, "Idempotency key missing"),
    IDEMPOTENCY_KEY_INVALID(400, "Idempotency key invalid"),
    AUTHENTICATION_REQUIRED(401, "Authentication required"),
    INVALID_TOKEN(401, "Invalid token"),
    BAD_CREDENTIALS(401, "Bad credentials"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Not acceptable"),
    EMAIL_TAKEN(409, "E-mail address taken"),
    COMPETITION_FULL(409, "Competition full"),
    REGISTRATION_CLOSED(409, "Registration closed"),
    COMPETITION_CANCELLED(409, "Competition cancelled"),
    ALREADY_REGISTERED(409, "Already registered"),
    REQUEST_IN_PROGRESS(409, "Request in progress"),
    WAITLIST_NOT_EMPTY(409, "Waitlist not empty"),
    CAPACITY_BELOW_REGISTRATIONS(409, "Capacity below registrations"),
    REGISTRATION_NOT_CANCELLABLE(409, "Registration not cancellable"),
    STALE_VERSION(412, "Stale version"),
    PAYLOAD_TOO_LARGE(413, "Payload too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    IDEMPOTENCY_KEY_REUSED(422, "Idempotency key reused"),
    PRECONDITION_REQUIRED(428, "Precondition required"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL_ERROR(500, "Internal error"),
    UNAVAILABLE(503, "Service unavailable");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    /** A short summary that is the same for every occurrence. */
    public String title() {
        return title;
    }

    /** The machine-readable name, such as {@code competition-full}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
