package dev.minicompete.platform.security;

import java.io.IOException;
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
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * The RSA key pair that signs access tokens.
 *
 * @param publicKey the public half, computed from the private one
 */
public record SigningKey(RSAPrivateCrtKey privateKey, RSAPublicKey publicKey) {

    /**
     * Reads a key from a PEM file with a PKCS#8 private key (RFC 7468, section 10).
     *
     * @throws IllegalArgumentException when there is no such key, or it is weak or published; the message is one line
     */
    public static SigningKey read(Path file) {
        var encoded = new PKCS8EncodedKeySpec(PublicKeyFiles.readPem(file, "PRIVATE KEY"));
        try {
            var rsa = KeyFactory.getInstance("RSA");
            var key = (RSAPrivateCrtKey) rsa.generatePrivate(encoded);
            var publicKey = rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return new SigningKey(key, PublicKeyFiles.requireStrong((RSAPublicKey) publicKey, file));
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
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                try (var writer = new PemWriter(Files.newBufferedWriter(file))) {
                    var key = generator.generateKeyPair().getPrivate();
                    writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
                }
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
