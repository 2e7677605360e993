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

/**
 * The RSA key pair that signs access tokens.
 *
 * @param publicKey the public half, computed from the private one
 */
public record SigningKey(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /**
     * Reads a key from a PEM file with a PKCS#8 private key (RFC 7468, section 10).
     *
     * @throws IllegalArgumentException when there is no such key, or it is weak or published; the message is one line
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
            var publicKey = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new SigningKey(key, PublicKeyFiles.requireStrong((RSAPublicKey) publicKey, file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read", unreadable);
        } catch (GeneralSecurityException | ClassCastException malformed) {
            throw new IllegalArgumentException("the key in " + file + " is not an RSA private key", malformed);
        }
    }

    /**
     * Reads the key of development. Creates it first when there is none, readable by its owner only.
     *
     * @throws IllegalStateException when the file cannot be written
     */
    static SigningKey readOrCreate(Path file) {
        try {
            if (!Files.exists(file)) {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(PublicKeyFiles.MINIMUM_BITS);
                var pem = Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
            }
            return read(file);
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException("The development key cannot be created: " + failure, failure);
        }
    }

    /** Records print their components; a private key belongs in no log. */
    @Override
    public String toString() {
        return "SigningKey[" + PublicKeyFiles.jwk(publicKey).getKeyId() + "]";
    }
}
