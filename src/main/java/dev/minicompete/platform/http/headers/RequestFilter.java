package dev.minicompete.platform.http.headers;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemResponse;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.http.problem.RequestId;
import io.netty.util.NetUtil;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;

/**
 * The first filter of every request. It sets the security headers of the response and the id of the request, rejects
 * malformed Host headers (400) and ambiguous paths (404), replaces a Content-Type that no endpoint accepts, and removes an
 * unreadable Accept.
 */
@Singleton
class RequestFilter {

    /** Before all other filters, so that their errors carry an id and security headers, too. */
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

    /** A name or an IPv4 address. RFC 3986 allows more characters, which no real name contains. */
    private static final Pattern NAME = Pattern.compile("[\\w.-]*");

    private final ProblemResponse rejection;

    RequestFilter(ProblemResponse rejection) {
        this.rejection = rejection;
    }

    void register(@Observes Filters filters) {
        filters.register(this::filter, PRIORITY);
    }

    private void filter(RoutingContext context) {
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
        replaceUnreadableContentType(request.headers());
        removeUnreadableAccept(request.headers());
        var host = request.getHeader(HttpHeaders.HOST);
        if (host != null && !isHost(host)) {
            rejection.send(
                    context, ProblemException.of(ProblemType.MALFORMED_REQUEST, "The Host header is malformed."));
        } else if (isUnambiguous(request.path())) {
            context.next();
        } else {
            rejection.send(context, ProblemException.notFound());
        }
    }

    /**
     * A malformed type, two types or a compressed body are 415 at every endpoint. Quarkus would answer a malformed type
     * before it checks the token, and ignore a second type or the compression.
     */
    private static void replaceUnreadableContentType(MultiMap headers) {
        var types = headers.getAll(HttpHeaders.CONTENT_TYPE);
        if (!types.isEmpty() && (types.size() > 1 || !isMediaType(types.get(0)) || isCompressed(headers))) {
            headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM);
        }
    }

    private static boolean isCompressed(MultiMap headers) {
        return headers.getAll(HttpHeaders.CONTENT_ENCODING).stream().anyMatch(coding -> !coding.isBlank());
    }

    private static boolean isMediaType(String type) {
        try {
            return type.equals(MediaType.APPLICATION_JSON) || MediaType.valueOf(type) != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /**
     * A blank or malformed Accept header counts as absent, which RFC 9110, section 12.5.1, allows. Quarkus would fail with 500, and
     * mostly after the request has taken effect.
     */
    private static void removeUnreadableAccept(MultiMap headers) {
        if (!headers.getAll(HttpHeaders.ACCEPT).stream().allMatch(RequestFilter::isAccept)) {
            headers.remove(HttpHeaders.ACCEPT);
        }
    }

    private static boolean isAccept(String header) {
        if (header.equals(MediaType.WILDCARD) || header.equals(MediaType.APPLICATION_JSON)) {
            return true;
        }
        try {
            var types = MediaTypeHelper.parseHeader(header);
            types.forEach(MediaTypeHelper::getQWithParamInfo);
            return !types.isEmpty();
        } catch (RuntimeException malformed) {
            return false;
        }
    }

    /** Whether a Host header (RFC 9110, section 7.2) is a name or an address, perhaps with a port; it may be empty. */
    static boolean isHost(String header) {
        var parsed = HostAndPort.parseAuthority(header, -1);
        return parsed != null && (NAME.matcher(parsed.host()).matches() || NetUtil.isValidIpV6Address(parsed.host()));
    }

    /**
     * Whether every proxy, router and policy reads a path in the same way. They disagree on escapes, parameters, backslashes,
     * empty segments and dot segments, which no address of this application contains.
     */
    static boolean isUnambiguous(String path) {
        var segments = path + "/";
        return path.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '%' && c != ';' && c != '\\')
                && !path.contains("//")
                && !segments.contains("/./")
                && !segments.contains("/../");
    }
}
