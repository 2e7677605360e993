package dev.minicompete.platform.security;

import io.quarkus.runtime.LaunchMode;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Signs access tokens (JWT, RFC 7519) with RS256, and has the keys that verify them. The key comes from a file at run time, since
 * Quarkus would bake one on the class path into the native image.
 */
@ApplicationScoped
public class AccessTokens {

    /** Whom a token of ours is for. */
    static final String AUDIENCE = "mini-compete-api";

    private final SecurityConfig.Jwt config;
    private final Clock clock;
    private final SigningKey key;
    private final String keyId;
    private final List<VerificationKey> verifiers;

    AccessTokens(SecurityConfig config, Clock clock) {
        this.config = config.jwt();
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

    /** A new token of this account. Costs about 1 ms of one core. */
    public String sign(UUID account, String role) {
        var now = clock.instant();
        return Jwt.issuer(config.issuer())
                .audience(AUDIENCE)
                .subject(account.toString())
                .groups(role)
                .issuedAt(now)
                .expiresAt(now.plus(config.ttl()))
                .claim("jti", UUID.randomUUID().toString())
                .jws()
                .algorithm(SignatureAlgorithm.RS256)
                .keyId(keyId)
                .sign(key.privateKey());
    }

    /** How long a new token is valid. */
    public Duration lifetime() {
        return config.ttl();
    }

    /** What verifies our tokens: the present key first, then those that signed before it. */
    List<VerificationKey> verifiers() {
        return verifiers;
    }

    /** The same for everybody to know. */
    KeySet keys() {
        return new KeySet(
                verifiers.stream().map(VerificationKey::jwk).distinct().toList());
    }

    /** A JWK set (RFC 7517, section 5). */
    record KeySet(List<VerificationKey.PublicJwk> keys) {}
}
