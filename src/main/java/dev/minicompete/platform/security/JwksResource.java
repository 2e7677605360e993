package dev.minicompete.platform.security;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/.well-known/jwks.json")
@Tag(name = "Accounts")
class JwksResource {

    private final AccessTokens tokens;

    JwksResource(AccessTokens tokens) {
        this.tokens = tokens;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    @Operation(summary = "Show the public keys that verify access tokens")
    @APIResponse(responseCode = "200", description = "A JWK set (RFC 7517)")
    public RestResponse<AccessTokens.KeySet> keys() {
        return RestResponse.ResponseBuilder.ok(tokens.keys())
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .build();
    }
}
