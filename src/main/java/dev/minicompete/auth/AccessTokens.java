package dev.minicompete.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.build.Jwt;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Signs access tokens (JWT, RFC 7519) and says how they are verified: RS256 only, from our issuer and for our audience
 * only. The key comes from a file at run time, since Quarkus would bake one on the class path into the native image.
 */
@ApplicationScoped
class AccessTokens {

    /** Whom a token of ours is for. */
    private static final String AUDIENCE = "mini-compete-api";

    private static final int CLOCK_SKEW_SECONDS = 10;

    private final AuthConfig.Jwt config;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final SigningKey key;
    private final String keyId;
    private final List<VerificationKey> verifiers;

    AccessTokens(AuthConfig config, ObjectMapper mapper, Clock clock) {
        this.config = config.jwt();
        this.mapper = mapper;
        this.clock = clock;
        this.key = config.jwt().privateKeyFile().map(SigningKey::read).orElseGet(this::developmentKey);
        this.keyId = key.thumbprint();
        var previous = config.jwt().previousPublicKeyFiles().orElse(List.of());
        this.verifiers = Stream.concat(
                        Stream.of(key.verifier()), previous.stream().map(VerificationKey::read))
                .toList();
    }

    private SigningKey developmentKey() {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            throw new IllegalStateException("JWT_PRIVATE_KEY_FILE is not set");
        }
        return SigningKey.readOrCreate(config.developmentKeyFile());
    }

    /** A session for this account. Costs about 1 ms of one core. */
    Session open(Account account) {
        var now = clock.instant();
        var token = Jwt.issuer(config.issuer())
                .audience(AUDIENCE)
                .subject(account.id().toString())
                .groups(account.role())
                .issuedAt(now)
                .expiresAt(now.plus(config.ttl()))
                .claim("jti", UUID.randomUUID().toString())
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(keyId)
                .sign(key.privateKey());
        return new Session(token, "Bearer", config.ttl().toSeconds(), account);
    }

    /** Such a token was made with a clock, or by somebody, that is not to be trusted. */
    static boolean isOfTheFuture(JsonWebToken token, Clock clock) {
        return token.getIssuedAtTime() > clock.instant().getEpochSecond() + CLOCK_SKEW_SECONDS;
    }

    /** The keys that verify our tokens: the present one first, then those that signed before it. */
    KeySet keys() {
        return new KeySet(
                verifiers.stream().map(VerificationKey::jwk).distinct().toList());
    }

    @Produces
    @Alternative
    @Priority(1)
    @ApplicationScoped
    JWTAuthContextInfo verification() {
        var info = new JWTAuthContextInfo();
        info.setIssuedBy(config.issuer());
        info.setExpectedAudience(Set.of(AUDIENCE));
        info.setSignatureAlgorithm(Set.of(SignatureAlgorithm.RS256));
        info.setClockSkew(CLOCK_SKEW_SECONDS);
        info.setPublicKeyContent(json(keys()));
        return info;
    }

    private String json(KeySet keys) {
        try {
            return mapper.writeValueAsString(keys);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A JWK set (RFC 7517, section 5). */
    record KeySet(List<VerificationKey.PublicJwk> keys) {}
}
