package dev.minicompete.platform.security;

import dev.minicompete.platform.http.problem.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who makes the present request, as the access token says. Whether the account still exists is another question. */
@RequestScoped
public class Caller {

    private final JsonWebToken token;

    Caller(JsonWebToken token) {
        this.token = token;
    }

    /**
     * The caller's account.
     *
     * @throws ProblemException {@code invalid-token} when the subject is not an id
     */
    public UUID id() {
        try {
            return UUID.fromString(token.getSubject());
        } catch (IllegalArgumentException | NullPointerException malformed) {
            throw ProblemException.invalidToken();
        }
    }

    /** Whether the caller's account has this role. */
    public boolean is(String role) {
        return token.getGroups().contains(role);
    }
}
