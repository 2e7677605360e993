package dev.minicompete.platform.http.headers;

import dev.minicompete.platform.http.paging.PagedResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** The headers that follow from the request and the answer alone; the constant ones are in the configuration. */
class ResponseHeaders {

    /** What somebody is told in person stays out of every cache; public answers say themselves how to be kept. */
    @ServerResponseFilter
    void cacheControl(ContainerRequestContext request, ContainerResponseContext response) {
        var personal = request.getHeaderString(HttpHeaders.AUTHORIZATION) != null;
        if (personal || !response.getHeaders().containsKey(HttpHeaders.CACHE_CONTROL)) {
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }

    /** The next page as a link of RFC 8288; relative, so that it is right behind any proxy. */
    @ServerResponseFilter
    void nextPage(UriInfo uri, ContainerResponseContext response) {
        if (response.getEntity() instanceof PagedResponse listing && listing.nextCursor() != null) {
            var next = uri.getRequestUriBuilder()
                    .replaceQueryParam("cursor", listing.nextCursor())
                    .build();
            response.getHeaders()
                    .add(HttpHeaders.LINK, "<" + next.getRawPath() + "?" + next.getRawQuery() + ">; rel=\"next\"");
        }
    }
}
