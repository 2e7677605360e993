package dev.minicompete.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What clients may do. */
@ConfigMapping(prefix = "api")
interface ApiConfig {

    /**
     * How long a client may take: from the first byte of a request until it is answered, and until any of an answer is read
     * that is stuck.
     */
    @WithDefault("PT20S")
    Duration clientPatience();

    /** Requests that may be worked on at a time; more are refused. Each takes some 20 KB of memory until it is answered. */
    @WithDefault("1200")
    int requestsInProgress();

    /** The origins of other sites whose pages may call the API from a browser. */
    Optional<List<String>> corsOrigins();
}
