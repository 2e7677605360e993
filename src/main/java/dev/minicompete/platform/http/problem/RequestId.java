package dev.minicompete.platform.http.problem;

import io.vertx.core.http.HttpHeaders;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a request, in its response and in its log records. */
public final class RequestId {

    public static final CharSequence HEADER = HttpHeaders.createOptimized("x-request-id");

    /** Its key in log records. */
    public static final String MDC_KEY = "requestId";

    /** Short, and harmless in logs. */
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    /** The client's id when it is well-formed, so that a request can be followed through several systems; else a new id. */
    public static String of(@Nullable String given) {
        return given != null && WELL_FORMED.matcher(given).matches() ? given : next();
    }

    /** A new id. */
    static String next() {
        var random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
