package dev.minicompete.auth;

import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;

/**
 * Verifies access tokens that come by another way than the Authorization header. Nothing here gives a request an identity:
 * whoever asks decides what the token is good for.
 */
@ApplicationScoped
public class TokenReader {

    private final JWTParser parser;
    private final Clock clock;

    TokenReader(JWTParser parser, Clock clock) {
        this.parser = parser;
        this.clock = clock;
    }

    /** Whose token this is; empty when it is malformed, expired or not ours. */
    public Optional<Caller> read(String token) {
        try {
            var parsed = parser.parse(token);
            return AccessTokens.isOfTheFuture(parsed, clock) ? Optional.empty() : Optional.of(new Caller(parsed));
        } catch (ParseException | ClassCastException unfit) {
            // The second is a claim of a type that SmallRye does not reckon with.
            return Optional.empty();
        }
    }
}
