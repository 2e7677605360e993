package dev.minicompete.platform.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.HttpSecurityRecorder.DefaultAuthFailureHandler;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Gives each request the handler of failed authentications that Quarkus REST made for the first. Quarkus makes one for each,
 * without any state, and beside it an index of all addresses, which was a tenth of all garbage.
 */
@Singleton
class AuthenticationFailures {

    /**
     * That of the handler which begins the authentication. Of equals the one that Quarkus adds comes first, and the one of
     * Quarkus REST, at one less, leaves alone what it finds here. In another order it would only do its work again.
     */
    private static final int BEFORE = 200;

    private static final int AFTER = 198;

    private volatile Object handler;

    void register(@Observes Filters filters) {
        filters.register(this::give, BEFORE);
        filters.register(this::keep, AFTER);
    }

    private void give(RoutingContext context) {
        if (handler != null) {
            context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, handler);
        }
        context.next();
    }

    private void keep(RoutingContext context) {
        if (handler == null) {
            var made = context.get(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
            handler = made instanceof DefaultAuthFailureHandler ? null : made;
        }
        context.next();
    }
}
