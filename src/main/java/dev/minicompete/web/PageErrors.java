package dev.minicompete.web;

import dev.minicompete.platform.http.problem.Problem;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/** Shows problems to browsers as error pages. The API and other clients get the problem itself. */
class PageErrors {

    private static final String EXPIRED = "Your session has expired. Log in to continue. Your input is kept.";

    private final Form form;

    PageErrors(Form form) {
        this.form = form;
    }

    @ServerResponseFilter
    @Nullable
    Uni<Void> show(ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
        if (!(response.getEntity() instanceof Problem problem) || !isForBrowser(request)) {
            return null;
        }
        response.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
        Html.setSecurityHeaders(context);
        var page = problem.status() == 401 ? logIn(request, response) : error(problem, request, response);
        return page == null ? null : page.replaceWithVoid();
    }

    private static boolean isForBrowser(ContainerRequestContext request) {
        var path = request.getUriInfo().getPath();
        var accept = request.getHeaderString(HttpHeaders.ACCEPT);
        return (accept != null && accept.contains(MediaType.TEXT_HTML) || isHtmx(request))
                && !path.equals("/api")
                && !path.startsWith("/api/")
                && !path.startsWith("/q/")
                && !path.startsWith("/.well-known/");
    }

    /** htmx accepts any type, so the Accept header does not identify it. */
    private static boolean isHtmx(ContainerRequestContext request) {
        return request.getHeaderString("HX-Request") != null;
    }

    /** Redirects to the log-in page, and from there back. A form that was sent is kept there, to be sent again. */
    private @Nullable Uni<?> logIn(ContainerRequestContext request, ContainerResponseContext response) {
        var uri = request.getUriInfo().getRequestUri();
        if (request.getMethod().equals(HttpMethod.POST)) {
            // With htmx the log-in page replaces the whole page.
            response.getHeaders().putSingle("HX-Retarget", "body");
            response.getHeaders().putSingle("HX-Reswap", "innerHTML");
            var pending = PendingForm.of(uri.getRawPath(), form.fields());
            return render(Templates.login(AccountForm.empty("/", EXPIRED, pending)), response);
        }
        var here = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        var login = "/login?next=" + URLEncoder.encode(here, StandardCharsets.UTF_8);
        var htmx = isHtmx(request);
        response.setStatus(htmx ? 204 : 303);
        response.getHeaders().putSingle(htmx ? "HX-Redirect" : HttpHeaders.LOCATION, login);
        response.setEntity(null);
        return null;
    }

    /** A page that is unavailable for the moment reloads itself. */
    private static Uni<?> error(Problem problem, ContainerRequestContext request, ContainerResponseContext response) {
        var again = problem.status() == 503 && request.getMethod().equals(HttpMethod.GET);
        if (again) {
            response.getHeaders().putSingle("Refresh", "3");
        }
        return render(Templates.error(problem.title(), problem.detail(), again), response);
    }

    private static Uni<?> render(TemplateInstance template, ContainerResponseContext response) {
        return template.createUni()
                .invoke(html -> response.setEntity(html, new Annotation[0], MediaType.valueOf(Html.MEDIA_TYPE)));
    }
}
