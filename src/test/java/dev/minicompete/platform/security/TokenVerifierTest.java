package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import dev.minicompete.testing.TestTokens;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the cache keeps and what is checked in spite of it; JwtAttackTest has the tokens that are rejected. */
class TokenVerifierTest {

    private final UUID account = UUID.randomUUID();

    @TempDir
    private Path directory;

    private Path pem;
    private TestTokens tokens;
    private Duration elapsed = Duration.ZERO;
    private TokenVerifier reader;

    @BeforeEach
    void createReader() throws IOException {
        pem = directory.resolve("jwt.pem");
        TestTokens.createKey(pem);
        tokens = new TestTokens(pem);
        var config = new SmallRyeConfigBuilder()
                .withMapping(SecurityConfig.class)
                .withDefaultValue("auth.jwt.private-key-file", pem.toString())
                .withDefaultValue("auth.jwt.issuer", "mini-compete")
                .withDefaultValue("auth.jwt.ttl", "PT1H")
                .build()
                .getConfigMapping(SecurityConfig.class);
        reader = new TokenVerifier(config, new TokenIssuer(config, Clock.systemUTC()), new MovableClock());
    }

    @Test
    void tokenSaysItsAccountAndRole() {
        var caller = reader.read(tokens.organizer(account)).orElseThrow();
        assertThat(caller.id()).isEqualTo(account);
        assertThat(caller.is(Role.ORGANIZER)).isTrue();
        assertThat(caller.is(Role.PARTICIPANT)).isFalse();
    }

    @Test
    void verifiedTokenIsCached() {
        var token = tokens.participant(account);
        var first = reader.verify(token).orElseThrow();
        assertThat(reader.verify(token).orElseThrow()).isSameAs(first);
    }

    @Test
    void cachedTokenExpires() {
        var token = tokens.participant(account);
        assertThat(reader.verify(token)).isPresent();
        elapsed = Duration.ofHours(1).plusSeconds(5);
        assertThat(reader.verify(token)).as("within the clock skew").isPresent();
        elapsed = Duration.ofHours(1).plusSeconds(11);
        assertThat(reader.verify(token)).isEmpty();
    }

    @Test
    void rejectedTokenIsNotCached() {
        var claims = tokens.claims(account, TestTokens.PARTICIPANT);
        claims.setIssuedAt(TestTokens.in(Duration.ofMinutes(5)));
        var token = tokens.sign(claims);
        assertThat(reader.verify(token)).isEmpty();
        elapsed = Duration.ofMinutes(5);
        assertThat(reader.verify(token)).isPresent();
    }

    /** Most entries are put there by the test, since it takes a millisecond to sign a token. */
    @Test
    void cacheIsBounded() throws ReflectiveOperationException {
        var field = TokenVerifier.class.getDeclaredField("cache");
        field.setAccessible(true);
        @SuppressWarnings("unchecked")
        var cache = (Cache<ByteBuffer, TokenPrincipal>) field.get(reader);
        var principal = reader.verify(tokens.participant(account)).orElseThrow();
        assertThat(cache.asMap()).as("the cache of verified tokens").containsValue(principal);

        for (var i = 0; i < 60_000; i++) {
            cache.put(ByteBuffer.allocate(4).putInt(0, i), principal);
        }
        assertThat(cache.estimatedSize()).isEqualTo(50_000);
        assertThat(reader.verify(tokens.organizer(account))).isPresent();
        assertThat(cache.estimatedSize()).isEqualTo(50_000);
    }

    @Test
    void cachedTokenVouchesForNoVariantOfItself() {
        var token = tokens.participant(account);
        assertThat(reader.verify(token)).isPresent();
        var signature = token.lastIndexOf('.') + 1;
        for (var variant : new String[] {
            token + "=",
            token + "\n",
            " " + token,
            token + "A",
            token.substring(0, signature),
            token.substring(0, signature) + "!" + token.substring(signature),
            token.replaceFirst("\\.", "=."),
            token.replaceFirst("\\.", "..")
        }) {
            assertThat(reader.verify(variant)).as(variant).isEmpty();
        }
    }

    @Test
    void tokenWithoutExactlyOneRoleIsRejected() {
        var claims = tokens.claims(account, TestTokens.PARTICIPANT);
        claims.setStringListClaim("groups");
        assertThat(reader.verify(tokens.sign(claims))).as("none").isEmpty();
        claims.setStringListClaim("groups", "organizer", "participant");
        assertThat(reader.verify(tokens.sign(claims))).as("two").isEmpty();
        claims.setStringListClaim("groups", "admin");
        assertThat(reader.verify(tokens.sign(claims))).as("unknown").isEmpty();
        claims.setClaim("groups", 5);
        assertThat(reader.verify(tokens.sign(claims))).as("a number").isEmpty();
    }

    @Test
    void tokenForSeveralAudiencesIsAcceptedWhenOursIsAmongThem() {
        var claims = tokens.claims(account, TestTokens.PARTICIPANT);
        claims.setAudience("another-api", "mini-compete-api");
        assertThat(reader.verify(tokens.sign(claims))).isPresent();
        claims.setAudience("another-api", "third-api");
        assertThat(reader.verify(tokens.sign(claims))).isEmpty();
    }

    /** The system's clock, ahead by what has elapsed in the test. */
    private final class MovableClock extends Clock {

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(elapsed);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
