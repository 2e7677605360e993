package dev.minicompete.web;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Answers for browsers. */
final class Html {

    static final String MEDIA_TYPE = "text/html;charset=UTF-8";

    /** Everything comes from this host and nothing stands within the page: what gets into one cannot run. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private Html() {}

    static Uni<Response> page(TemplateInstance template) {
        return page(200, template);
    }

    static Uni<Response> page(int status, TemplateInstance template) {
        return template.createUni()
                .map(html -> Response.status(status)
                        .type(MEDIA_TYPE)
                        .entity(html)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    /**
     * Sets the headers of every page in place of those that all answers have. With no Referrer at all, browsers would hide
     * the origin of forms from ourselves.
     */
    static void secure(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("Referrer-Policy", "same-origin");
    }

    /** Leads the browser elsewhere by GET; the address is relative, so that it is right behind any proxy. */
    static Response redirect(String path) {
        return Response.status(303)
                .header(HttpHeaders.LOCATION, path)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    static Uni<Response> seeOther(String path) {
        return Uni.createFrom().item(redirect(path));
    }
}
