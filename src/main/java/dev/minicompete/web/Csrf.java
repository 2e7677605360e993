package dev.minicompete.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Protects forms against cross-site request forgery by two independent checks: the browser states that the request comes
 * from this origin (Fetch Metadata, or Origin), and the form repeats a secret that is also in a cookie (double submit). The
 * log-in form is protected, too, before there is a session.
 */
@RequestScoped
@Named("csrf")
public class Csrf {

    /** The field of a form that repeats the secret. */
    static final String FIELD = "csrf";

    private static final Pattern TOKEN = Pattern.compile("[0-9a-f-]{36}");

    private final RoutingContext context;
    private @Nullable String token;

    Csrf(RoutingContext context) {
        this.context = context;
    }

    /** The secret for the forms of a page. Sets the cookie if the visitor has none. */
    public String token() {
        if (token == null) {
            token = Cookies.read(context, Cookies.CSRF);
            if (token == null || !TOKEN.matcher(token).matches()) {
                token = UUID.randomUUID().toString();
                context.response().addCookie(Cookies.cookie(Cookies.CSRF, token));
            }
        }
        return token;
    }

    /** Whether a form that repeats this secret was sent by a page of this site. */
    boolean isValid(@Nullable String repeated) {
        var cookie = Cookies.read(context, Cookies.CSRF);
        return isSameOrigin()
                && cookie != null
                && repeated != null
                && MessageDigest.isEqual(bytes(cookie), bytes(repeated));
    }

    /** Whether a page of this site sent the request, as far as its headers tell. */
    boolean isSameOrigin() {
        var headers = context.request().headers();
        var site = headers.get("Sec-Fetch-Site");
        if (site != null && !site.isBlank()) {
            // "none" is what the visitor does by hand, such as reloading; no site can make a browser send it.
            return site.equals("same-origin") || site.equals("none");
        }
        var origin = headers.get(HttpHeaders.ORIGIN);
        return origin == null || origin.isBlank() || isOwn(origin);
    }

    private boolean isOwn(String origin) {
        try {
            var uri = URI.create(origin);
            var defaultPort = "https".equals(uri.getScheme()) ? 443 : 80;
            var sender = parse(uri.getRawAuthority(), defaultPort);
            var own = parse(context.request().getHeader(HttpHeaders.HOST), defaultPort);
            return sender != null
                    && own != null
                    && sender.host().equalsIgnoreCase(own.host())
                    && sender.port() == own.port();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static @Nullable HostAndPort parse(@Nullable String authority, int defaultPort) {
        return authority == null ? null : HostAndPort.parseAuthority(authority, defaultPort);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
