package dev.minicompete.platform.http.openapi;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemResponse;
import dev.minicompete.platform.http.problem.ProblemType;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Sees to it that the OpenAPI document is read only: Quarkus gives it to every method, whatever that is. */
@Singleton
class OpenApiMethods {

    private static final int PRIORITY = 900;
    private static final String PATH = "/q/openapi";

    private final ProblemResponse refusal;

    OpenApiMethods(ProblemResponse refusal) {
        this.refusal = refusal;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        var method = context.request().method();
        if (!context.request().path().startsWith(PATH) || method == HttpMethod.GET || method == HttpMethod.HEAD) {
            context.next();
            return;
        }
        context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD, OPTIONS");
        if (method == HttpMethod.OPTIONS) {
            context.end();
        } else {
            refusal.send(
                    context,
                    ProblemException.of(ProblemType.METHOD_NOT_ALLOWED, "This address does not take that method."));
        }
    }
}
