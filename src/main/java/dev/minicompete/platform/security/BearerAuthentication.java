package dev.minicompete.platform.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/**
 * Authenticates requests by the bearer token in their Authorization header (RFC 6750, section 2.1). It takes the place of
 * Quarkus' own mechanism, which ignores a second Authorization header. Such a request is rejected: servers in front may
 * have looked at the other one.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class BearerAuthentication implements HttpAuthenticationMechanism {

    /** Schemes are case-insensitive, and one space or more separates them from the token (RFC 9110, section 11). */
    private static final String SCHEME = "Bearer ";

    private final TokenVerifier tokens;

    BearerAuthentication(TokenVerifier tokens) {
        this.tokens = tokens;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        var headers = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.size() > 1) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        if (headers.isEmpty() || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom().nullItem();
        }
        return tokens.verify(token(headers.get(0)))
                .map(token -> Uni.createFrom().item(identity(token)))
                .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException()));
    }

    private static String token(String header) {
        var start = SCHEME.length();
        while (start < header.length() && header.charAt(start) == ' ') {
            start++;
        }
        return header.substring(start);
    }

    private static SecurityIdentity identity(TokenPrincipal token) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(token)
                .addRole(token.role().toString())
                .build();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }
}
