package dev.minicompete.web;

import dev.minicompete.account.Session;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;

/**
 * The cookies of the pages. The prefix {@code __Host-} makes browsers refuse them from anywhere but this very host
 * (draft-ietf-httpbis-rfc6265bis, section 4.1.3); scripts never see them, and no request from another site carries them.
 */
final class Cookies {

    /** The access token of whoever is logged in; goes when the token expires. */
    static final String SESSION = "__Host-session";

    /** What forms must prove that they are ours; goes with the browser's session. */
    static final String CSRF = "__Host-csrf";

    private Cookies() {}

    /** The value of a cookie, or null. */
    static String read(RoutingContext context, String name) {
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
