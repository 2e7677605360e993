package dev.minicompete.platform.http.paging;

import dev.minicompete.platform.http.problem.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses a parameter of a list that stands there twice: nobody could say which one counts. */
class RepeatedParameters {

    private static final List<String> NAMES = List.of("limit", "cursor", "sort", "status");

    @ServerRequestFilter
    void check(RoutingContext context) {
        if (context.request().query() == null) {
            return;
        }
        var parameters = context.queryParams();
        for (var name : NAMES) {
            if (parameters.getAll(name).size() > 1) {
                throw ProblemException.invalid(name, "must stand there once");
            }
        }
    }
}
