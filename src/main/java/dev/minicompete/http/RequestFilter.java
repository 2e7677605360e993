package dev.minicompete.http;

import dev.minicompete.problem.ProblemException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.MDC;

/**
 * What every request passes first. It gets an id, which its answer and its log records carry; an answer by https tells
 * browsers to stay with that; and an address that could be read in two ways leads nowhere.
 */
@Singleton
class RequestFilter {

    /** Before all other filters, so that what they refuse carries an id, too. */
    private static final int PRIORITY = 10_000;

    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence RESOURCE_POLICY = HttpHeaders.createOptimized("Cross-Origin-Resource-Policy");
    private static final CharSequence OPENER_POLICY = HttpHeaders.createOptimized("Cross-Origin-Opener-Policy");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence STRICT_TRANSPORT = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence TWO_YEARS = HttpHeaders.createOptimized("max-age=63072000; includeSubDomains");

    private final Refusal refusal;

    RequestFilter(Refusal refusal) {
        this.refusal = refusal;
    }

    void register(@Observes Filters filters) {
        filters.register(this::pass, PRIORITY);
    }

    private void pass(RoutingContext context) {
        var request = context.request();
        var headers = context.response().headers();
        var id = RequestId.of(request.getHeader(RequestId.HEADER));
        MDC.put(RequestId.MDC_KEY, id);
        headers.set(RequestId.HEADER, id)
                .set(CONTENT_TYPE_OPTIONS, NO_SNIFF)
                .set(REFERRER_POLICY, NO_REFERRER)
                .set(RESOURCE_POLICY, SAME_ORIGIN)
                .set(OPENER_POLICY, SAME_ORIGIN);
        if ("https".equals(request.scheme())) {
            headers.set(STRICT_TRANSPORT, TWO_YEARS);
        }
        if (isPlain(request.path())) {
            context.next();
        } else {
            refusal.send(context, ProblemException.notFound());
        }
    }

    /**
     * Whether a path means what it says to everybody. Nothing of ours needs an escape, a parameter, a backslash, an empty
     * segment or a dot segment; proxies, routers and policies disagree on them, which is how rules for paths are evaded.
     */
    static boolean isPlain(String path) {
        var length = path.length();
        for (var i = 0; i < length; i++) {
            var c = path.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '%' || c == ';' || c == '\\') {
                return false;
            }
            if (c == '/' && i + 1 < length && (path.charAt(i + 1) == '/' || isDotSegment(path, i + 1))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDotSegment(String path, int start) {
        var end = start;
        while (end < path.length() && path.charAt(end) == '.') {
            end++;
        }
        return end > start && end - start <= 2 && (end == path.length() || path.charAt(end) == '/');
    }
}
