package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyFilesTest {

    @TempDir
    private Path directory;

    @Test
    void publicKeyHasTheIdOfItsSigningKey() throws IOException {
        var pem = directory.resolve("key.pem");
        TestTokens.createKey(pem);
        var tokens = new TestTokens(pem);
        var key = PublicKeyFiles.read(pem(tokens.publicKey()));
        assertThat(key).isEqualTo(SigningKey.read(pem).publicKey());
        assertThat(PublicKeyFiles.jwk(key).getKeyId()).isEqualTo(tokens.keyId());
    }

    @Test
    void shortKeyIsRefused() throws IOException {
        var pem = directory.resolve("key.pem");
        TestTokens.createKey(pem, 1024);
        assertRefused(pem(new TestTokens(pem).publicKey()), "weak");
    }

    @Test
    void publishedKeyIsRefused() throws Exception {
        var n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT"
                + "-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQ"
                + "OS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj"
                + "8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
        var modulus = new BigInteger(1, Base64.getUrlDecoder().decode(n));
        var key =
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65537)));
        assertRefused(pem(key), "published");
    }

    @Test
    void ellipticCurveKeyIsRefused() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        assertRefused(pem(generator.generateKeyPair().getPublic()), "not an RSA public key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
            })
    void fileWithoutPublicKeyIsRefused(String content) throws IOException {
        var file = Files.writeString(directory.resolve("key.pem"), content);
        assertRefused(file, file.toString());
    }

    @Test
    void missingFileIsRefused() {
        assertRefused(directory.resolve("none.pem"), "cannot be read");
    }

    private static void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> PublicKeyFiles.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    private Path pem(PublicKey key) throws IOException {
        var der = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        return Files.writeString(
                directory.resolve("public.pem"), "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n");
    }
}
