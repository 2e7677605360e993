package dev.minicompete.web;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Runs before each {@link Page}: it checks forms against forgery and loads the visitor's name and unread mails. */
class PageFilter {

    private static final Set<String> SAFE_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Csrf csrf;
    private final Form form;
    private final Visitor visitor;

    PageFilter(Csrf csrf, Form form, Visitor visitor) {
        this.csrf = csrf;
        this.form = form;
        this.visitor = visitor;
    }

    @ServerRequestFilter
    @Page
    Uni<Response> open(ContainerRequestContext request, RoutingContext context) {
        Html.setSecurityHeaders(context);
        if (!SAFE_METHODS.contains(request.getMethod())) {
            form.read(context);
            check();
        }
        return visitor.load().onItem().transform(known -> null);
    }

    private void check() {
        if (!csrf.isValid(form.text(Csrf.FIELD))) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN,
                    "The form was not sent by a page of this site, or its page was opened in another browser session."
                            + " Go back, reload the page and send it again.");
        }
        form.rejectNul();
    }
}
