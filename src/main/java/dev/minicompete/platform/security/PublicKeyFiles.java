package dev.minicompete.platform.security;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;

/** The RSA public keys that verify access tokens. */
public final class PublicKeyFiles {

    /** NIST SP 800-131A, and RFC 7518, section 3.3. */
    static final int MINIMUM_BITS = 2048;

    private static final BigInteger MINIMUM_EXPONENT = BigInteger.valueOf(65537);

    /** Thumbprints of keys whose private half is printed in a public document. */
    private static final Set<String> PUBLISHED = Set.of(
            "oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY", // jwt.io
            "ML2-9SXxlH35jv0jOI_SWXv1qK_B_pcL9PowUXAA76o", // Quarkus and MicroProfile JWT quickstarts
            "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8", // RFC 7515, appendix A.2
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"); // RFC 7517, appendix A.2

    private PublicKeyFiles() {}

    /**
     * Reads a key from a PEM file with a SubjectPublicKeyInfo (RFC 7468, section 13).
     *
     * @throws IllegalArgumentException when there is no such key, or it is weak or published; the message is one line
     */
    public static RSAPublicKey read(Path file) {
        var encoded = new X509EncodedKeySpec(readPem(file, "PUBLIC KEY"));
        try {
            return requireStrong((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(encoded), file);
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("the key in " + file + " is not an RSA public key", malformed);
        }
    }

    /**
     * Reads the first object of this type from a PEM file (RFC 7468).
     *
     * @param type the label, such as {@code PUBLIC KEY}
     * @return the DER encoding
     * @throws IllegalArgumentException when there is none; the message is one line
     */
    static byte[] readPem(Path file, String type) {
        try (var reader = new PemReader(Files.newBufferedReader(file, StandardCharsets.ISO_8859_1))) {
            for (PemObject pem; (pem = reader.readPemObject()) != null; ) {
                if (pem.getType().equals(type)) {
                    return pem.getContent();
                }
            }
            throw new IllegalArgumentException("there is no -----BEGIN " + type + "----- in " + file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read", unreadable);
        }
    }

    /**
     * Returns the key, which was read from this file.
     *
     * @throws IllegalArgumentException when the key is weak or published; the message is one line
     */
    static RSAPublicKey requireStrong(RSAPublicKey key, Path file) {
        var bits = key.getModulus().bitLength();
        if (bits < MINIMUM_BITS || key.getPublicExponent().compareTo(MINIMUM_EXPONENT) < 0) {
            throw new IllegalArgumentException("the key in " + file + " is weak: it has " + bits
                    + " bits and the exponent " + key.getPublicExponent() + ", but " + MINIMUM_BITS + " bits and "
                    + MINIMUM_EXPONENT + " are needed");
        }
        if (PUBLISHED.contains(jwk(key).getKeyId())) {
            throw new IllegalArgumentException(
                    "the key in " + file + " is published: anybody could sign with it; make one of your own");
        }
        return key;
    }

    /** The key as a member of a JWK set (RFC 7517). Its id is its thumbprint (RFC 7638). */
    static RsaJsonWebKey jwk(RSAPublicKey key) {
        var jwk = new RsaJsonWebKey(key);
        jwk.setKeyId(jwk.calculateBase64urlEncodedThumbprint("SHA-256"));
        jwk.setUse(Use.SIGNATURE);
        jwk.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
        return jwk;
    }
}
