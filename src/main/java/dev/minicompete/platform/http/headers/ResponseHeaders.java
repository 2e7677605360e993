package dev.minicompete.platform.http.headers;

import dev.minicompete.platform.http.paging.PagedResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Sets the headers Cache-Control and Link. {@link RequestFilter} and the configuration set the constant ones. */
class ResponseHeaders {

    /** No cache may store a response to an authenticated request. Other responses may set their own Cache-Control. */
    @ServerResponseFilter
    void cacheControl(ContainerRequestContext request, ContainerResponseContext response) {
        var authenticated = request.getHeaderString(HttpHeaders.AUTHORIZATION) != null;
        if (authenticated || !response.getHeaders().containsKey(HttpHeaders.CACHE_CONTROL)) {
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }

    /** Links to the next page of a list (RFC 8288). The address is relative, which is right behind any proxy. */
    @ServerResponseFilter
    void nextPage(UriInfo uri, ContainerResponseContext response) {
        if (response.getEntity() instanceof PagedResponse page && page.nextCursor() != null) {
            var next = uri.getRequestUriBuilder()
                    .replaceQueryParam("cursor", page.nextCursor())
                    .build();
            response.getHeaders()
                    .add(HttpHeaders.LINK, "<" + next.getRawPath() + "?" + next.getRawQuery() + ">; rel=\"next\"");
        }
    }
}
