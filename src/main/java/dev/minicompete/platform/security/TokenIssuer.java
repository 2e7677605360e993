package dev.minicompete.platform.security;

import io.quarkus.runtime.LaunchMode;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKeySet;

/**
 * Signs access tokens (JWT, RFC 7519) with RS256, and has the public keys that verify them. The key comes from a file at run
 * time, since Quarkus would build one from the class path into the native image.
 */
@ApplicationScoped
public class TokenIssuer {

    /** The audience of our tokens. */
    static final String AUDIENCE = "mini-compete-api";

    private final SecurityConfig.Jwt config;
    private final Clock clock;
    private final SigningKey key;
    private final String keyId;
    private final JsonWebKeySet keys;

    TokenIssuer(SecurityConfig config, Clock clock) {
        this.config = config.jwt();
        this.clock = clock;
        this.key = config.jwt().privateKeyFile().map(SigningKey::read).orElseGet(this::developmentKey);
        this.keyId = PublicKeyFiles.jwk(key.publicKey()).getKeyId();
        var previous = config.jwt().previousPublicKeys().stream().map(PublicKeyFiles::read);
        this.keys = new JsonWebKeySet(Stream.concat(Stream.of(key.publicKey()), previous)
                .distinct()
                .map(PublicKeyFiles::jwk)
                .toList());
    }

    private SigningKey developmentKey() {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            throw new IllegalStateException("JWT_PRIVATE_KEY_FILE is not set");
        }
        return SigningKey.readOrCreate(config.developmentKeyFile());
    }

    /** Signs a new token for this account. Costs about 1 ms of one core. */
    public String sign(UUID account, Role role) {
        var now = clock.instant();
        return Jwt.issuer(config.issuer())
                .audience(AUDIENCE)
                .subject(account.toString())
                .groups(role.toString())
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

    /** The public keys (RFC 7517, section 5): that of the signing key first, then those of previous ones. */
    JsonWebKeySet keys() {
        return keys;
    }
}
