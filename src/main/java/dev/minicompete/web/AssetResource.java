package dev.minicompete.web;

import dev.minicompete.platform.http.problem.ProblemException;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

@Path("/assets/{hash}/{name}")
@PermitAll
class AssetResource {

    /**
     * Returns a file. During a rolling upgrade the page of another version may ask with another hash. It gets this version's
     * file, which the browser then revalidates at each use.
     */
    @GET
    public RestResponse<byte[]> get(
            @RestPath String hash,
            @RestPath String name,
            @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @Nullable String encodings) {
        var asset = Assets.find(name).orElseThrow(ProblemException::notFound);
        var compressed = encodings != null && encodings.contains("gzip");
        var response = ResponseBuilder.ok(compressed ? asset.gzip() : asset.bytes())
                .header(HttpHeaders.CONTENT_TYPE, asset.type())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .header(
                        HttpHeaders.CACHE_CONTROL,
                        hash.equals(asset.hash()) ? "public, max-age=31536000, immutable" : "no-cache");
        if (compressed) {
            response.header(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        return response.build();
    }
}
