package dev.minicompete.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Access tokens without logging in, signed with the application's key; needs no Quarkus. */
public final class TestTokens {

    public static final String ORGANIZER = "organizer";
    public static final String PARTICIPANT = "participant";

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String END = "\n-----END PRIVATE KEY-----\n";

    private final RSAPrivateCrtKey privateKey;
    private final PublicKey publicKey;
    private final String keyId;

    /** Signs with the key in this PEM file. */
    public TestTokens(Path pem) {
        try {
            var text = Files.readString(pem).replaceAll("-----[^-]+-----", "");
            var factory = KeyFactory.getInstance("RSA");
            privateKey = (RSAPrivateCrtKey) factory.generatePrivate(
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
            publicKey = factory.generatePublic(
                    new RSAPublicKeySpec(privateKey.getModulus(), privateKey.getPublicExponent()));
            keyId = PublicJsonWebKey.Factory.newPublicJwk(publicKey).calculateBase64urlEncodedThumbprint("SHA-256");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a new RSA key of 2048 bits to a PEM file. */
    public static void createKey(Path pem) throws IOException {
        createKey(pem, 2048);
    }

    /** Writes a new RSA key to a PEM file. */
    public static void createKey(Path pem, int bits) throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            var key = generator.generateKeyPair().getPrivate().getEncoded();
            Files.writeString(pem, BEGIN + Base64.getMimeEncoder().encodeToString(key) + END);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String organizer(UUID user) {
        return sign(claims(user, ORGANIZER));
    }

    public String participant(UUID user) {
        return sign(claims(user, PARTICIPANT));
    }

    /** The claims of a good token, to be changed by a test at will. */
    public JwtClaims claims(UUID user, String role) {
        var claims = new JwtClaims();
        claims.setIssuer("mini-compete");
        claims.setAudience("mini-compete-api");
        claims.setSubject(user.toString());
        claims.setStringListClaim("groups", List.of(role));
        // A while ago, so that a test may let it expire.
        claims.setIssuedAt(in(Duration.ofMinutes(-1)));
        claims.setExpirationTime(in(Duration.ofHours(1)));
        claims.setJwtId(UUID.randomUUID().toString());
        return claims;
    }

    /** A time from now, or before now when negative, as claims have it. */
    public static NumericDate in(Duration duration) {
        var date = NumericDate.now();
        date.addSeconds(duration.toSeconds());
        return date;
    }

    /** Signs as the application does. */
    public String sign(JwtClaims claims) {
        var signature = unsigned(claims, AlgorithmIdentifiers.RSA_USING_SHA256);
        signature.setKey(privateKey);
        return serialize(signature);
    }

    /** A token with everything but its key, to be signed by a test with another one. */
    public JsonWebSignature unsigned(JwtClaims claims, String algorithm) {
        var signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKeyIdHeaderValue(keyId);
        signature.setHeader("typ", "JWT");
        return signature;
    }

    public static String serialize(JsonWebSignature signature) {
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    public RSAPrivateCrtKey privateKey() {
        return privateKey;
    }

    public String keyId() {
        return keyId;
    }
}
