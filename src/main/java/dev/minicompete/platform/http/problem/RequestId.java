package dev.minicompete.platform.http.problem;

import io.vertx.core.http.HttpHeaders;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What one request is called in its answer and in its log records. */
public final class RequestId {

    public static final CharSequence HEADER = HttpHeaders.createOptimized("x-request-id");

    /** Its name in log records. */
    public static final String MDC_KEY = "requestId";

    private static final int MAXIMUM_LENGTH = 64;

    private RequestId() {}

    /** The caller's own where it is well-formed, so that a request can be followed through several systems; else a new one. */
    public static String of(String given) {
        return given != null && isWellFormed(given) ? given : next();
    }

    /** A new one. */
    static String next() {
        var random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static boolean isWellFormed(String id) {
        return !id.isEmpty() && id.length() <= MAXIMUM_LENGTH && id.chars().allMatch(RequestId::isSafe);
    }

    /** Whether it means nothing to any reader of logs. */
    private static boolean isSafe(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
