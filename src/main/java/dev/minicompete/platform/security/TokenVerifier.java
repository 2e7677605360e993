package dev.minicompete.platform.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.jwt.KeyFormat;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Verifies access tokens: JWTs (RFC 7519) that one of our keys has signed with RS256, issued by us for this API. SmallRye JWT
 * verifies. What a verified token says is cached under the token's SHA-256, since the same few tokens come with every request.
 */
@ApplicationScoped
public class TokenVerifier {

    private static final int CLOCK_SKEW_SECONDS = 10;

    /** An entry has some 270 bytes, whatever the length of its token: 14 MB at most. */
    private static final int CACHED_TOKENS = 50_000;

    /** RFC 7515, section 7.1. jose4j skips other characters, so that one token would have any number of spellings. */
    private static final Pattern COMPACT_SERIALIZATION = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    private final JWTCallerPrincipalFactory jwt = new DefaultJWTCallerPrincipalFactory();
    private final JWTAuthContextInfo rules = new JWTAuthContextInfo();
    private final Clock clock;

    /** Evicts on the calling thread: there is little to do, and the common pool is not ours. */
    private final Cache<ByteBuffer, TokenPrincipal> cache = Caffeine.newBuilder()
            .maximumSize(CACHED_TOKENS)
            .executor(Runnable::run)
            .build();

    TokenVerifier(SecurityConfig config, TokenIssuer tokens, Clock clock) {
        this.clock = clock;
        rules.setIssuedBy(config.jwt().issuer());
        rules.setExpectedAudience(Set.of(TokenIssuer.AUDIENCE));
        rules.setSignatureAlgorithm(Set.of(SignatureAlgorithm.RS256));
        rules.setKeyFormat(KeyFormat.JWK);
        rules.setPublicKeyContent(tokens.keys().toJson());
        rules.setClockSkew(CLOCK_SKEW_SECONDS);
    }

    /**
     * The account that this token was issued to; empty when the token is malformed, expired or not ours. This authenticates no
     * request: the code that asks decides what the token is good for.
     */
    public Optional<Caller> read(String token) {
        return verify(token).map(Caller::new);
    }

    /** What this token says; empty when it is malformed, expired or not ours. */
    Optional<TokenPrincipal> verify(String token) {
        // What is absent is not cached.
        return Optional.ofNullable(cache.get(sha256(token), unknown -> verifyUnknown(token)))
                .filter(this::isCurrent);
    }

    /** Checks at each use what can change while a token is cached. A check for revocation belongs here. */
    private boolean isCurrent(TokenPrincipal token) {
        return token.expiresAt() > now() - CLOCK_SKEW_SECONDS;
    }

    /** Null when the token is malformed, expired or not ours. */
    private @Nullable TokenPrincipal verifyUnknown(String token) {
        if (!COMPACT_SERIALIZATION.matcher(token).matches()) {
            return null;
        }
        try {
            var claims = jwt.parse(token, rules);
            // Not checked by SmallRye: a token from the future comes from a wrong clock or a stolen key.
            if (claims.getIssuedAtTime() > now() + CLOCK_SKEW_SECONDS) {
                return null;
            }
            var role = claims.getGroups().size() == 1
                    ? Role.of(claims.getGroups().iterator().next())
                    : Optional.<Role>empty();
            return new TokenPrincipal(
                    UUID.fromString(claims.getSubject()), role.orElseThrow(), claims.getExpirationTime());
        } catch (ParseException | RuntimeException malformed) {
            // A claim may have another type, which SmallRye does not always check, or no value of ours.
            return null;
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static ByteBuffer sha256(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
