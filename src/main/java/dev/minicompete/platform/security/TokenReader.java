package dev.minicompete.platform.security;

import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Verifies access tokens that come by another way than the Authorization header. Nothing here gives a request an identity:
 * whoever asks decides what the token is good for.
 */
@ApplicationScoped
public class TokenReader {

    private final TokenVerifier verifier;

    TokenReader(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    /** Whose token this is; empty when it is malformed, expired or not ours. */
    public Optional<Caller> read(String token) {
        try {
            return Optional.of(new Caller(verifier.verify(token)));
        } catch (ParseException unfit) {
            return Optional.empty();
        }
    }
}
