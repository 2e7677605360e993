package dev.minicompete.platform.http.headers;

import dev.minicompete.platform.http.paging.PagedResponse;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Sets the headers Cache-Control and Link. {@link RequestFilter} and the configuration set the constant ones. */
class ResponseHeaders {

    private static final String CURSOR = "cursor";

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
    void nextPage(HttpServerRequest request, ContainerResponseContext response) {
        if (response.getEntity() instanceof PagedResponse page && page.nextCursor() != null) {
            response.getHeaders().add(HttpHeaders.LINK, "<" + address(request, page.nextCursor()) + ">; rel=\"next\"");
        }
    }

    /** The request's own address with this cursor. Netty's codec needs a tenth of the time of Jakarta's UriBuilder. */
    private static String address(HttpServerRequest request, String cursor) {
        var address = new QueryStringEncoder(request.path());
        new QueryStringDecoder(request.uri()).parameters().forEach((name, values) -> {
            if (!name.equals(CURSOR)) {
                values.forEach(value -> address.addParam(name, value));
            }
        });
        address.addParam(CURSOR, cursor);
        return address.toString();
    }
}
