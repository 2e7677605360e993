package dev.minicompete.auth;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.HttpSecurityRecorder.DefaultAuthFailureHandler;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.function.BiConsumer;

/**
 * Hands whoever fails to authenticate to the mappers of problems. Quarkus does the same, but prepares for it by making an
 * index of all addresses anew for each request, which was a tenth of all garbage.
 */
@Singleton
class AuthenticationFailures {

    /**
     * That of the handler which begins the authentication. Of equals the one that Quarkus adds comes first, and the one that
     * prepares for the failure comes after both; were it otherwise, it would find its own preparation undone and do it.
     */
    private static final int PRIORITY = 200;

    private static final BiConsumer<RoutingContext, Throwable> FAIL = (context, failure) -> {
        DefaultAuthFailureHandler.markIfOtherAuthenticationFailure(context, failure);
        if (!context.failed()) {
            context.fail(DefaultAuthFailureHandler.extractRootCause(failure));
        }
    };

    void register(@Observes Filters filters) {
        filters.register(
                context -> {
                    context.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, FAIL);
                    context.next();
                },
                PRIORITY);
    }
}
