package dev.minicompete.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationKeyTest {

    @TempDir
    private Path directory;

    @Test
    void aPublicKeyHasTheIdOfItsPrivateHalf() throws IOException {
        var pem = directory.resolve("key.pem");
        TestTokens.createKey(pem);
        var tokens = new TestTokens(pem);
        var key = VerificationKey.read(pem(tokens.publicKey()));
        assertThat(key.thumbprint()).isEqualTo(tokens.keyId());
        assertThat(key.jwk()).isEqualTo(SigningKey.read(pem).verifier().jwk());
    }

    @Test
    void aShortKeyIsWeak() throws IOException {
        var pem = directory.resolve("key.pem");
        TestTokens.createKey(pem, 1024);
        assertRefused(pem(new TestTokens(pem).publicKey()), "weak");
    }

    @Test
    void aKeyOutOfADocumentIsPublished() throws Exception {
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
    void aKeyOfAnotherKindIsNoRsaKey() throws Exception {
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
    void whatIsNoKeyIsRefused(String content) throws IOException {
        var file = Files.writeString(directory.resolve("key.pem"), content);
        assertRefused(file, file.toString());
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertRefused(directory.resolve("none.pem"), "cannot be read");
    }

    @Test
    void whatWasNoSignatureDoesNotSpoilTheNext() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        var key = VerificationKey.read(pem(pair.getPublic()));
        var text = "text".getBytes(StandardCharsets.US_ASCII);
        var signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(pair.getPrivate());
        signer.update(text);
        var good = signer.sign();
        var forged = good.clone();
        forged[100] ^= 1;
        for (var bad : List.of(forged, new byte[256], new byte[] {1}, new byte[0])) {
            assertThat(key.verifies(text, bad)).isFalse();
            assertThat(key.verifies(text, good)).isTrue();
            assertThat(key.verifies("another".getBytes(StandardCharsets.US_ASCII), good))
                    .isFalse();
        }
    }

    private static void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> VerificationKey.read(file))
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
