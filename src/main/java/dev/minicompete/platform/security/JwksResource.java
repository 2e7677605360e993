package dev.minicompete.platform.security;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jose4j.jwk.JsonWebKey;

/** The public keys that verify access tokens, for other services. */
@Path("/.well-known/jwks.json")
@Tag(name = "Accounts")
class JwksResource {

    private final KeySet keys;

    JwksResource(TokenIssuer tokens) {
        this.keys = new KeySet(tokens.keys().getJsonWebKeys().stream()
                .map(key -> key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))
                .toList());
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @PermitAll
    @Operation(summary = "Show the public keys that verify access tokens")
    @APIResponse(responseCode = "200", description = "A JWK set (RFC 7517)")
    public RestResponse<KeySet> keys() {
        return RestResponse.ResponseBuilder.ok(keys)
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=300")
                .build();
    }

    /** A JWK set (RFC 7517, section 5). */
    record KeySet(List<Map<String, Object>> keys) {}
}
