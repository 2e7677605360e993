package dev.minicompete.platform.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.HttpSecurityRecorder.DefaultAuthFailureHandler;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Reuses the handler of failed authentications that Quarkus REST creates for the first request. Quarkus creates an equal one
 * for each request, and with it an index of all paths, which was a tenth of all garbage.
 */
@Singleton
class AuthenticationFailureHandlerCache {

    /**
     * The priority of Quarkus' authentication handler, which runs first among equals. The handler of Quarkus REST follows at 199
     * and keeps what it finds here. Should these priorities change, it would create a handler for each request again.
     */
    private static final int BEFORE = 200;

    private static final int AFTER = 198;

    private volatile @Nullable Object handler;

    void register(@Observes Filters filters) {
        filters.register(this::reuse, BEFORE);
        filters.register(this::keep, AFTER);
    }

    private void reuse(RoutingContext context) {
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
