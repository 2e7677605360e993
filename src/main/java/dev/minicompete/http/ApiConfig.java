package dev.minicompete.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What clients may do. */
@ConfigMapping(prefix = "api")
interface ApiConfig {

    /** In bytes: some 20 KB until it is answered, and room for everything else that such a crowd makes busy. */
    long HEAP_FOR_A_REQUEST = 110_000;

    /**
     * How long a client may take: from the first byte of a request until it is answered, and until any of an answer is read
     * that is stuck.
     */
    @WithDefault("PT20S")
    Duration clientPatience();

    /** Requests that may be worked on at a time; more are refused. Without a word, as many as the heap has room for. */
    Optional<Integer> requestsInProgress();

    /** Requests that may be worked on at a time. */
    default int boundOnRequests() {
        var room = Runtime.getRuntime().maxMemory() / HEAP_FOR_A_REQUEST;
        return requestsInProgress().orElse((int) Math.min(room, Integer.MAX_VALUE));
    }

    /** The origins of other sites whose pages may call the API from a browser. */
    Optional<List<String>> corsOrigins();
}
