package dev.minicompete.web;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Builds the responses of pages: rendered templates and redirects. */
final class Html {

    static final String MEDIA_TYPE = "text/html;charset=UTF-8";

    /** Scripts and styles come from files of this host only, so that injected ones do not run. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private Html() {}

    /** Renders a page, with status 200. */
    static Uni<Response> page(TemplateInstance template) {
        return page(200, template);
    }

    /** Renders a page. */
    static Uni<Response> page(int status, TemplateInstance template) {
        return template.createUni()
                .map(html -> Response.status(status)
                        .type(MEDIA_TYPE)
                        .entity(html)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    /**
     * Replaces the security headers that all responses have by those of pages. With the Referrer-Policy of the others browsers
     * would send {@code Origin: null} with our own forms.
     */
    static void setSecurityHeaders(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("Referrer-Policy", "same-origin");
    }

    /** Redirects by 303, so that the browser uses GET. The address is relative, which is right behind any proxy. */
    static Response redirect(String path) {
        return Response.status(303)
                .header(HttpHeaders.LOCATION, path)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** The same as {@link #redirect}, as a Uni. */
    static Uni<Response> seeOther(String path) {
        return Uni.createFrom().item(redirect(path));
    }

    /** Responds with 204: htmx changes nothing. */
    static Uni<Response> nothing() {
        return Uni.createFrom().item(Response.noContent().build());
    }
}
