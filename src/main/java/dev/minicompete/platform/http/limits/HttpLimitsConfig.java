package dev.minicompete.platform.http.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Limits of what clients may do. */
@ConfigMapping(prefix = "api")
public interface HttpLimitsConfig {

    /** Bytes of heap for a request in progress: what it holds, its garbage, and room for everything else. */
    long HEAP_PER_REQUEST_IN_PROGRESS = 500_000;

    /** Bytes of heap for a request that waits: its objects and its connection. */
    long HEAP_PER_WAITING_REQUEST = 130_000;

    /**
     * How long a client may take to send a request, counted from its first byte until the response begins, and how long it may stop
     * reading a response.
     */
    @WithDefault("PT20S")
    Duration clientPatience();

    /** The maximum length of a body for the API, in bytes. Quarkus' own setting is the limit of a form. */
    @WithDefault("65536")
    int maxBodySize();

    /** The maximum number of requests in progress; by default as many as fit the heap. */
    Optional<Integer> requestsInProgress();

    /** The maximum number of requests that wait; by default as many as fit the heap. */
    Optional<Integer> requestsWaiting();

    /** The maximum number of requests in progress, configured or default. */
    default int maxInProgress() {
        return requestsInProgress().orElseGet(() -> countThatFitsHeap(HEAP_PER_REQUEST_IN_PROGRESS));
    }

    /** The maximum number of requests that wait, configured or default. */
    default int maxWaiting() {
        return requestsWaiting().orElseGet(() -> countThatFitsHeap(HEAP_PER_WAITING_REQUEST));
    }

    private static int countThatFitsHeap(long bytesEach) {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / bytesEach, Integer.MAX_VALUE);
    }

    /** The origins of other sites whose pages may call the API from a browser (CORS). */
    Optional<List<String>> corsOrigins();
}
