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

    private static final String COOKIE_LOST = "The browser has lost the cookie that protects this form.";

    private final Form form;
    private final Csrf csrf;

    PageErrors(Form form, Csrf csrf) {
        this.form = form;
        this.csrf = csrf;
    }

    @ServerResponseFilter
    @Nullable
    Uni<Void> show(ContainerRequestContext request, ContainerResponseContext response, RoutingContext context) {
        if (!(response.getEntity() instanceof Problem problem) || !isForBrowser(request)) {
            return null;
        }
        response.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
        Html.setSecurityHeaders(context);
        var page = problem.status() == 401
                ? logIn(request, response)
                : isSecretLost(request, problem) ? sendAgain(request, response) : error(problem, request, response);
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
            replaceWholePage(response);
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

    /** Whether a page of this site sent the form, but its secret is not, or no longer, that of the cookie. */
    private boolean isSecretLost(ContainerRequestContext request, Problem problem) {
        return problem.status() == 403
                && request.getMethod().equals(HttpMethod.POST)
                && csrf.isSameOrigin()
                && !csrf.isValid(form.text(Csrf.FIELD));
    }

    /** Offers the form to be sent again, with a new secret. Nothing is done without a click. */
    private Uni<?> sendAgain(ContainerRequestContext request, ContainerResponseContext response) {
        replaceWholePage(response);
        var path = request.getUriInfo().getRequestUri().getRawPath();
        // A page never contains the password that was entered.
        var account = AccountForm.of(form, COOKIE_LOST + " Send it again.", FieldErrors.NONE);
        return render(
                switch (path) {
                    case "/login" -> Templates.login(account);
                    case "/signup" -> Templates.signup(account);
                    default -> Templates.resume(PendingForm.of(path, form.fields()), COOKIE_LOST);
                },
                response);
    }

    /** Also where htmx would replace a part of it. */
    private static void replaceWholePage(ContainerResponseContext response) {
        response.getHeaders().putSingle("HX-Retarget", "body");
        response.getHeaders().putSingle("HX-Reswap", "innerHTML");
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
