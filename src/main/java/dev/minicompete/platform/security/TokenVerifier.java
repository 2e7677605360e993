package dev.minicompete.platform.security;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Verifies access tokens for SmallRye: JWTs (RFC 7519) in the compact serialization of JWS (RFC 7515), which one of our keys
 * has signed with RS256. Follows RFC 8725: the algorithm is ours to say and not the token's, and whatever a header tells of
 * keys counts for nothing. SmallRye's own factory reads each token twice with 100 KB of buffers, which was most of what a
 * registration allocated.
 */
@Alternative
@Priority(1)
@ApplicationScoped
class TokenVerifier extends JWTCallerPrincipalFactory {

    private static final int CLOCK_SKEW_SECONDS = 10;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String issuer;
    private final List<VerificationKey> keys;
    private final Clock clock;

    /** That of the last token that was signed: all of ours have the same, until the key is replaced. */
    private volatile Header known = new Header("", List.of());

    TokenVerifier(SecurityConfig config, AccessTokens tokens, Clock clock) {
        this.issuer = config.jwt().issuer();
        this.keys = tokens.verifiers();
        this.clock = clock;
    }

    @Override
    public AccessToken parse(String token, JWTAuthContextInfo unused) throws ParseException {
        return verify(token);
    }

    /**
     * What the token says.
     *
     * @throws ParseException when it is malformed, expired, not valid yet, or not of and for us
     */
    AccessToken verify(String token) throws ParseException {
        var headerEnd = token.indexOf('.');
        var claimsEnd = token.indexOf('.', headerEnd + 1);
        require(headerEnd > 0 && claimsEnd > 0 && token.indexOf('.', claimsEnd + 1) < 0, "three parts");
        var header = header(token.substring(0, headerEnd));
        var signed = token.substring(0, claimsEnd).getBytes(StandardCharsets.ISO_8859_1);
        require(header.isSigned(signed, decode(token.substring(claimsEnd + 1))), "signature");
        known = header;
        return checked(token, json(token.substring(headerEnd + 1, claimsEnd)));
    }

    private Header header(String encoded) throws ParseException {
        var last = known;
        if (last.encoded.equals(encoded)) {
            return last;
        }
        var header = json(encoded);
        require("RS256".equals(header.path("alg").textValue()), "algorithm");
        // RFC 7515, section 4.1.11: extensions that must be understood, and we know none.
        require(!header.has("crit"), "extensions");
        var keyId = header.get("kid");
        return new Header(
                encoded,
                keys.stream()
                        .filter(key -> keyId == null || key.thumbprint().equals(keyId.textValue()))
                        .toList());
    }

    /**
     * A header of ours.
     *
     * @param signers the keys of which one must have signed what has this header
     */
    private record Header(String encoded, List<VerificationKey> signers) {

        boolean isSigned(byte[] signed, byte[] signature) {
            for (var signer : signers) {
                if (signer.verifies(signed, signature)) {
                    return true;
                }
            }
            return false;
        }
    }

    private AccessToken checked(String token, JsonNode claims) throws ParseException {
        var now = clock.instant().getEpochSecond();
        require(issuer.equals(claims.path("iss").textValue()), "issuer");
        require(texts(claims, "aud").contains(AccessTokens.AUDIENCE), "audience");
        require(seconds(claims, "exp") > now - CLOCK_SKEW_SECONDS, "expiry");
        // Such a token was made with a clock, or by somebody, that is not to be trusted.
        require(seconds(claims, "iat") <= now + CLOCK_SKEW_SECONDS, "issue date");
        require(!claims.has("nbf") || seconds(claims, "nbf") <= now + CLOCK_SKEW_SECONDS, "not before");
        require(claims.path("sub").isTextual(), "subject");
        return new AccessToken(token, claims.get("sub").textValue(), texts(claims, "groups"));
    }

    private static long seconds(JsonNode claims, String name) throws ParseException {
        var date = claims.path(name);
        require(date.isNumber() && date.canConvertToLong(), name);
        return date.longValue();
    }

    /** A text or an array of texts; empty when there is none. */
    private static Set<String> texts(JsonNode claims, String name) throws ParseException {
        var claim = claims.path(name);
        if (claim.isTextual()) {
            return Set.of(claim.textValue());
        }
        require(claim.isMissingNode() || claim.isArray(), name);
        var texts = new HashSet<String>();
        for (var text : claim) {
            require(text.isTextual(), name);
            texts.add(text.textValue());
        }
        return texts;
    }

    private static JsonNode json(String part) throws ParseException {
        try {
            var node = JSON.readTree(decode(part));
            require(node.isObject(), "an object");
            return node;
        } catch (IOException malformed) {
            throw new ParseException("The token is no JSON", malformed);
        }
    }

    /** Without padding: RFC 7515, section 2. */
    private static byte[] decode(String part) throws ParseException {
        require(part.indexOf('=') < 0, "base64url");
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException malformed) {
            throw new ParseException("The token is no base64url", malformed);
        }
    }

    private static void require(boolean holds, String what) throws ParseException {
        if (!holds) {
            throw new ParseException("The token does not pass for its " + what);
        }
    }
}
