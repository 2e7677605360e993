package dev.minicompete.platform.http.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What clients may do. */
@ConfigMapping(prefix = "api")
public interface ApiConfig {

    /** In bytes: what a request that is worked on makes of garbage and holds, with room for everything else. */
    long HEAP_FOR_A_REQUEST = 500_000;

    /** In bytes: its own, as objects, and its connection's. */
    long HEAP_FOR_A_WAITING_REQUEST = 130_000;

    /**
     * How long a client may take: from the first byte of a request until it is answered, and until any of an answer is read
     * that is stuck.
     */
    @WithDefault("PT20S")
    Duration clientPatience();

    /** Requests that are worked on at a time. Without a word, as many as the heap has room for. */
    Optional<Integer> requestsInProgress();

    /** Requests that may wait beside them; more are refused. Without a word, as many as the heap has room for. */
    Optional<Integer> requestsWaiting();

    /** Requests that are worked on at a time. */
    default int boundOnRequests() {
        return requestsInProgress().orElseGet(() -> roomFor(HEAP_FOR_A_REQUEST));
    }

    /** Requests that may wait beside them. */
    default int boundOnWaiting() {
        return requestsWaiting().orElseGet(() -> roomFor(HEAP_FOR_A_WAITING_REQUEST));
    }

    private static int roomFor(long bytes) {
        return (int) Math.min(Runtime.getRuntime().maxMemory() / bytes, Integer.MAX_VALUE);
    }

    /** The origins of other sites whose pages may call the API from a browser. */
    Optional<List<String>> corsOrigins();
}
