package dev.minicompete.web;

import dev.minicompete.account.Session;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads and sets the cookies of the pages. By the prefix {@code __Host-} browsers accept them from this host only
 * (draft-ietf-httpbis-rfc6265bis, section 4.1.3). Scripts cannot read them, and requests from other sites do not carry them.
 */
final class Cookies {

    /** The visitor's access token; the browser deletes it when the token expires. */
    static final String SESSION = "__Host-session";

    /** The secret that forms repeat ({@link Csrf}); the browser deletes it at the end of its session. */
    static final String CSRF = "__Host-csrf";

    private Cookies() {}

    /** The value of a cookie; null when it is absent. */
    static @Nullable String read(RoutingContext context, String name) {
        var cookie = context.request().getCookie(name);
        return cookie == null ? null : cookie.getValue();
    }

    static void logIn(RoutingContext context, Session session) {
        context.response().addCookie(cookie(SESSION, session.accessToken()).setMaxAge(session.expiresIn()));
    }

    static void logOut(RoutingContext context) {
        context.response().addCookie(cookie(SESSION, "").setMaxAge(0));
    }

    static Cookie cookie(String name, String value) {
        return Cookie.cookie(name, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(true)
                .setSameSite(CookieSameSite.STRICT);
    }
}
