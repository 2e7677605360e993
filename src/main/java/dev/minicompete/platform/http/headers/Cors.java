package dev.minicompete.platform.http.headers;

import dev.minicompete.platform.http.limits.HttpLimitsConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cross-origin resource sharing for the origins of {@code CORS_ORIGINS}; by default for none. Vert.x sets the headers. This
 * class calls it for allowed origins only and lets other requests pass without CORS headers, so that the browser rejects the
 * response. Quarkus' own filter answers 403 without a problem to them, also to forms of our own pages behind a proxy that is
 * not in {@code TRUSTED_PROXIES}.
 */
@Singleton
public class Cors {

    private static final int PRIORITY = 5_000;
    private static final int MAX_AGE_SECONDS = 600;

    /** An origin as browsers send it (RFC 6454, section 6.2). */
    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.-]+(:\\d{1,5})?");

    private final Set<String> origins;
    private final CorsHandler handler;

    Cors(HttpLimitsConfig config) {
        var listed = config.corsOrigins().orElse(List.of());
        listed.forEach(Cors::check);
        origins = Set.copyOf(listed);
        handler = CorsHandler.create()
                .addOrigins(listed)
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE))
                .allowedHeaders(Set.of(
                        "Authorization",
                        "Content-Type",
                        "Idempotency-Key",
                        "If-Match",
                        "If-None-Match",
                        "X-Request-Id"))
                .exposedHeaders(
                        Set.of("ETag", "Idempotent-Replayed", "Link", "Location", "Retry-After", "X-Request-Id"))
                .maxAgeSeconds(MAX_AGE_SECONDS);
    }

    /**
     * Checks that a text is an origin. {@code *} is not allowed, since it would allow everybody.
     *
     * @throws IllegalArgumentException with a message of one line
     */
    public static void check(String origin) {
        if (!ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException(
                    "\"" + origin.replaceAll("\\p{C}", "?") + "\" is not an origin such as https://app.example.org");
        }
    }

    void register(@Observes Filters filters) {
        if (!origins.isEmpty()) {
            filters.register(this::handle, PRIORITY);
        }
    }

    private void handle(RoutingContext context) {
        var origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin != null && origins.contains(origin)) {
            handler.handle(context);
        } else {
            // Caches must keep responses with and without CORS headers apart.
            context.response().headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
            context.next();
        }
    }
}
