package dev.minicompete.platform.security;

import dev.minicompete.platform.http.problem.ProblemException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/** The account that makes the present request, as its access token says. The account may have been deleted since. */
@RequestScoped
public class Caller {

    private final TokenPrincipal token;

    /** @throws ProblemException {@code authentication-required} when the request has no token */
    @Inject
    Caller(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof TokenPrincipal verified)) {
            throw ProblemException.authenticationRequired();
        }
        this.token = verified;
    }

    Caller(TokenPrincipal token) {
        this.token = token;
    }

    /** The id of the account. */
    public UUID id() {
        return token.account();
    }

    /** Whether the account has this role. */
    public boolean is(Role role) {
        return token.role() == role;
    }
}
