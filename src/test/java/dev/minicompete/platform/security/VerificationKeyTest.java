package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
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
        var pair = pair();
        var key = VerificationKey.read(pem(pair.getPublic()));
        for (var n = 0; n < 5; n++) {
            var text = bytes("text " + n);
            var good = sign(text, pair);
            var forged = good.clone();
            forged[100] ^= 1;
            var bad = List.of(forged, new byte[256], allOnes(), new byte[] {1}, new byte[0])
                    .get(n);
            assertThat(key.verifies(text, bad)).isFalse();
            assertThat(key.verifies(bytes("another"), good)).isFalse();
            assertThat(key.verifies(text, good)).isTrue();
        }
    }

    @Test
    void aSignatureThatWasVerifiedIsOfNothingElse() throws Exception {
        var pair = pair();
        var key = VerificationKey.read(pem(pair.getPublic()));
        var text = bytes("header.claims");
        var good = sign(text, pair);
        var another = sign(bytes("header.others"), pair);
        var forged = good.clone();
        forged[100] ^= 1;
        for (var n = 0; n < 2; n++) {
            assertThat(key.verifies(text, good)).isTrue();
            assertThat(key.verifies(bytes("header.others"), good)).isFalse();
            assertThat(key.verifies(text, another)).isFalse();
            assertThat(key.verifies(text, forged)).isFalse();
        }
    }

    @Test
    void bytesThatWereVerifiedAreNoneWhenTheyAreCutElsewhere() throws Exception {
        var pair = pair();
        var key = VerificationKey.read(pem(pair.getPublic()));
        var text = bytes("header.claims");
        var good = sign(text, pair);
        assertThat(key.verifies(text, good)).isTrue();
        var length = text.length + good.length;
        var textFirst = ByteBuffer.allocate(length).put(text).put(good).array();
        var signatureFirst = ByteBuffer.allocate(length).put(good).put(text).array();
        for (var cut = 0; cut <= length; cut++) {
            assertThat(key.verifies(head(textFirst, cut), tail(textFirst, cut))).isEqualTo(cut == text.length);
            assertThat(key.verifies(tail(signatureFirst, cut), head(signatureFirst, cut)))
                    .isEqualTo(cut == good.length);
        }
    }

    @Test
    void anotherKeyDoesNotKnowWhatThisOneVerified() throws Exception {
        var pair = pair();
        var text = bytes("text");
        var good = sign(text, pair);
        assertThat(VerificationKey.read(pem(pair.getPublic())).verifies(text, good))
                .isTrue();
        assertThat(VerificationKey.read(pem(pair().getPublic())).verifies(text, good))
                .isFalse();
    }

    private static KeyPair pair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static byte[] sign(byte[] text, KeyPair pair) throws GeneralSecurityException {
        var signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(pair.getPrivate());
        signer.update(text);
        return signer.sign();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] head(byte[] bytes, int cut) {
        return Arrays.copyOf(bytes, cut);
    }

    private static byte[] tail(byte[] bytes, int cut) {
        return Arrays.copyOfRange(bytes, cut, bytes.length);
    }

    /** More than any modulus of its length. */
    private static byte[] allOnes() {
        var ones = new byte[256];
        Arrays.fill(ones, (byte) 0xFF);
        return ones;
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
