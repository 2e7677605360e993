package dev.minicompete.platform.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/** The RSA key pair that signs access tokens, read from a PEM file of PKCS#8 (RFC 7468, section 10). */
public final class SigningKey {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final RSAPrivateCrtKey privateKey;
    private final VerificationKey verifier;

    private SigningKey(RSAPrivateCrtKey privateKey, VerificationKey verifier) {
        this.privateKey = privateKey;
        this.verifier = verifier;
    }

    /**
     * Reads a key.
     *
     * @throws IllegalArgumentException when there is none, or it is weak or published; the message says so in one line
     */
    public static SigningKey read(Path file) {
        try {
            var pem = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                throw new IllegalArgumentException("there is no PKCS#8 PEM private key in " + file);
            }
            var der = Base64.getMimeDecoder().decode(pem.group(1));
            var rsa = KeyFactory.getInstance("RSA");
            var key = (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(der));
            var publicHalf = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new SigningKey(key, VerificationKey.of((RSAPublicKey) publicHalf, file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read", unreadable);
        } catch (GeneralSecurityException | ClassCastException malformed) {
            throw new IllegalArgumentException("the key in " + file + " is not an RSA private key", malformed);
        }
    }

    /** Reads the key of development, or makes it, readable by its owner only. */
    static SigningKey readOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(VerificationKey.MINIMUM_BITS);
                var pem = Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
            }
            return read(file);
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException("The key of development cannot be made: " + failure, failure);
        }
    }

    RSAPrivateCrtKey privateKey() {
        return privateKey;
    }

    /** The public half. */
    VerificationKey verifier() {
        return verifier;
    }

    /** The key's id. */
    String thumbprint() {
        return verifier.thumbprint();
    }
}
