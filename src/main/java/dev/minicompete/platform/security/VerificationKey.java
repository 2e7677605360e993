package dev.minicompete.platform.security;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/** An RSA public key that verifies access tokens. */
public final class VerificationKey {

    static final int MINIMUM_BITS = 2048;
    private static final BigInteger MINIMUM_EXPONENT = BigInteger.valueOf(65537);

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    /** Thumbprints of keys whose private half stands in a document that everybody can read. */
    private static final Set<String> PUBLISHED = Set.of(
            "oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY", // jwt.io
            "ML2-9SXxlH35jv0jOI_SWXv1qK_B_pcL9PowUXAA76o", // Quarkus and MicroProfile JWT quickstarts
            "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8", // RFC 7515, appendix A.2
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"); // RFC 7517, appendix A.2

    private final RSAPublicKey key;
    private final String thumbprint;

    private final VerifiedSignatures verified = new VerifiedSignatures();

    /** Ready for the next signature; one is for one thread, and takes longer to make than to use. */
    private final ThreadLocal<Verifier> verifiers = ThreadLocal.withInitial(this::verifier);

    private VerificationKey(RSAPublicKey key) {
        this.key = key;
        this.thumbprint = hash("{\"e\":\"" + exponent() + "\",\"kty\":\"RSA\",\"n\":\"" + modulus() + "\"}");
    }

    /**
     * Reads a key from a PEM file of SubjectPublicKeyInfo (RFC 7468, section 13).
     *
     * @throws IllegalArgumentException when there is none, or it is weak or published; the message says so in one line
     */
    public static VerificationKey read(Path file) {
        try {
            var pem = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                throw new IllegalArgumentException("there is no PEM public key in " + file);
            }
            var der = Base64.getMimeDecoder().decode(pem.group(1));
            var key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
            return of((RSAPublicKey) key, file);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read", unreadable);
        } catch (GeneralSecurityException malformed) {
            throw new IllegalArgumentException("the key in " + file + " is not an RSA public key", malformed);
        }
    }

    /**
     * A key from that file.
     *
     * @throws IllegalArgumentException when it is weak or published; the message says so in one line
     */
    static VerificationKey of(RSAPublicKey key, Path file) {
        var bits = key.getModulus().bitLength();
        if (bits < MINIMUM_BITS || key.getPublicExponent().compareTo(MINIMUM_EXPONENT) < 0) {
            throw new IllegalArgumentException("the key in " + file + " is weak: it has " + bits
                    + " bits and the exponent " + key.getPublicExponent() + ", but " + MINIMUM_BITS + " bits and "
                    + MINIMUM_EXPONENT + " are needed");
        }
        var verifier = new VerificationKey(key);
        if (PUBLISHED.contains(verifier.thumbprint())) {
            throw new IllegalArgumentException(
                    "the key in " + file + " is published: anybody could sign with it; make one of your own");
        }
        return verifier;
    }

    /** Whether this signature is of these bytes and the private half's, by RS256 (RFC 7518, section 3.3). */
    boolean verifies(byte[] signed, byte[] signature) {
        // RFC 8017, section 8.2.2, step 1; and of a digest of both, it says where the one ends.
        if (signature.length != (key.getModulus().bitLength() + 7) / 8) {
            return false;
        }
        var verifier = verifiers.get();
        var digest = verifier.digest(signed, signature);
        if (verified.contains(digest)) {
            return true;
        }
        try {
            var holds = verifier.verifies(signed, signature);
            if (holds) {
                verified.add(digest);
            }
            return holds;
        } catch (SignatureException malformed) {
            // Whether it is ready again is not said.
            verifiers.remove();
            return false;
        }
    }

    private Verifier verifier() {
        try {
            var rs256 = Signature.getInstance("SHA256withRSA");
            rs256.initVerify(key);
            return new Verifier(rs256, MessageDigest.getInstance("SHA-256"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private record Verifier(Signature rs256, MessageDigest sha256) {

        byte[] digest(byte[] signed, byte[] signature) {
            sha256.update(signature);
            return sha256.digest(signed);
        }

        boolean verifies(byte[] signed, byte[] signature) throws SignatureException {
            rs256.update(signed);
            return rs256.verify(signature);
        }
    }

    /** The JWK thumbprint of <a href="https://www.rfc-editor.org/rfc/rfc7638">RFC 7638</a>; serves as the key's id. */
    String thumbprint() {
        return thumbprint;
    }

    /** The key as a member of a JWK set (RFC 7517). */
    PublicJwk jwk() {
        return new PublicJwk("RSA", "sig", "RS256", thumbprint(), modulus(), exponent());
    }

    private static String hash(String canonical) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String modulus() {
        return base64url(key.getModulus());
    }

    private String exponent() {
        return base64url(key.getPublicExponent());
    }

    /** Base64urlUInt of RFC 7518, section 2: no sign octet. */
    private static String base64url(BigInteger number) {
        var octets = number.toByteArray();
        var from = octets[0] == 0 && octets.length > 1 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(octets, from, octets.length));
    }

    /** A public key as RFC 7517 and RFC 7518, section 6.3, write it. */
    record PublicJwk(String kty, String use, String alg, String kid, String n, String e) {}
}
