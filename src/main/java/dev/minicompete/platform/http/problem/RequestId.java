package dev.minicompete.platform.http.problem;

import io.vertx.core.http.HttpHeaders;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id of a request, in its response and in its log records. */
public final class RequestId {

    public static final CharSequence HEADER = HttpHeaders.createOptimized("x-request-id");

    /** Its key in log records. */
    public static final String MDC_KEY = "requestId";

    private static final int MAXIMUM_LENGTH = 64;

    private RequestId() {}

    /** The client's id when it is well-formed, so that a request can be followed through several systems; else a new id. */
    public static String of(@Nullable String given) {
        return given != null && isWellFormed(given) ? given : next();
    }

    /** A new id. */
    static String next() {
        var random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static boolean isWellFormed(String id) {
        return !id.isEmpty() && id.length() <= MAXIMUM_LENGTH && id.chars().allMatch(RequestId::isSafe);
    }

    /** Whether the character is harmless in logs. */
    private static boolean isSafe(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
