package dev.minicompete.platform.http.problem;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Answers OPTIONS with what an address takes. Quarkus names the methods of all that begin alike, and some for no address at all. */
class Options {

    private final AllowedMethods allowed;

    Options(AllowedMethods allowed) {
        this.allowed = allowed;
    }

    @ServerRequestFilter(preMatching = true)
    Response answer(ContainerRequestContext request) {
        if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
            return null;
        }
        var methods = allowed.of(request.getUriInfo().getRequestUri().getPath());
        if (methods.isEmpty()) {
            throw ProblemException.notFound();
        }
        return Response.ok()
                .header(HttpHeaders.ALLOW, String.join(", ", methods))
                .build();
    }
}
