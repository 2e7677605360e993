package dev.minicompete.platform.http.headers;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemResponse;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.http.problem.RequestId;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import org.jboss.logging.MDC;

/**
 * What every request passes first. It gets an id, which its answer and its log records carry; an answer by https tells
 * browsers to stay with that; a host that is none is refused, a type that is none is made one that nobody takes, and an
 * address that could be read in two ways leads nowhere.
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

    private final ProblemResponse refusal;

    RequestFilter(ProblemResponse refusal) {
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
        settleContentType(request.headers());
        var host = request.getHeader(HttpHeaders.HOST);
        if (host != null && !HostHeader.isHost(host)) {
            refusal.send(context, ProblemException.of(ProblemType.MALFORMED_REQUEST, "The Host header names no host."));
        } else if (isPlain(request.path())) {
            context.next();
        } else {
            refusal.send(context, ProblemException.notFound());
        }
    }

    /**
     * What is announced as no type, as two types or as compressed is nothing that we read. Left as it is it would be refused
     * before the token was looked at, or half of it be believed.
     */
    private static void settleContentType(MultiMap headers) {
        var types = headers.getAll(HttpHeaders.CONTENT_TYPE);
        if (!types.isEmpty()
                && (types.size() > 1 || !isMediaType(types.get(0)) || headers.contains(HttpHeaders.CONTENT_ENCODING))) {
            headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM);
        }
    }

    private static boolean isMediaType(String type) {
        try {
            return type.equals(MediaType.APPLICATION_JSON) || MediaType.valueOf(type) != null;
        } catch (IllegalArgumentException malformed) {
            return false;
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
