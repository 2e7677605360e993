package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {

    @TempDir
    private Path directory;

    @Test
    void keyOf2048BitsIsAccepted() throws IOException {
        var pem = directory.resolve("key.pem");
        TestTokens.createKey(pem);
        assertThat(PublicKeyFiles.jwk(SigningKey.read(pem).publicKey()).getKeyId())
                .isEqualTo(new TestTokens(pem).keyId());
    }

    @Test
    void shortKeyIsRefused() throws IOException {
        var pem = directory.resolve("key.pem");
        TestTokens.createKey(pem, 1024);
        assertRefused(pem, "weak");
    }

    @Test
    void smallExponentIsRefused() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(new RSAKeyGenParameterSpec(2048, BigInteger.valueOf(3)));
        assertRefused(pem(generator.generateKeyPair().getPrivate()), "weak");
    }

    @Test
    void publishedKeyIsRefused() throws Exception {
        assertRefused(pem(keyOfRfc7515()), "published");
    }

    @Test
    void ellipticCurveKeyIsRefused() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        assertRefused(pem(generator.generateKeyPair().getPrivate()), "not an RSA private key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
            })
    void fileWithoutPrivateKeyIsRefused(String content) throws IOException {
        var file = directory.resolve("key.pem");
        Files.writeString(file, content);
        assertRefused(file, file.toString());
    }

    @Test
    void missingFileIsRefused() {
        assertRefused(directory.resolve("none.pem"), "cannot be read");
    }

    @Test
    void developmentKeyIsCreatedOnceAndReadableByItsOwnerOnly() throws IOException {
        var file = directory.resolve("dev/jwt.pem");
        var made = SigningKey.readOrCreate(file);
        assertThat(SigningKey.readOrCreate(file)).isEqualTo(made);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    }

    private static void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> SigningKey.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("\n");
    }

    private Path pem(PrivateKey key) throws IOException {
        var file = directory.resolve("key.pem");
        var der = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        return Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + der + "\n-----END PRIVATE KEY-----\n");
    }

    /** The private key that appendix A.2 of RFC 7515 prints for everybody. */
    private static PrivateKey keyOfRfc7515() throws GeneralSecurityException {
        var n = number(
                "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT"
                        + "-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQ"
                        + "OS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj"
                        + "8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ");
        var d = number(
                "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui39"
                        + "5IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGc"
                        + "opV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l"
                        + "2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ");
        var e = BigInteger.valueOf(65537);
        var p = factor(n, e, d);
        var q = n.divide(p);
        var one = BigInteger.ONE;
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        n, e, d, p, q, d.mod(p.subtract(one)), d.mod(q.subtract(one)), q.modInverse(p)));
    }

    private static BigInteger number(String base64url) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(base64url));
    }

    /** Finds a square root of 1 that is neither 1 nor -1: ed - 1 is a multiple of the order of every base. */
    private static BigInteger factor(BigInteger n, BigInteger e, BigInteger d) {
        var one = BigInteger.ONE;
        var order = e.multiply(d).subtract(one);
        var odd = order.shiftRight(order.getLowestSetBit());
        for (var base = BigInteger.TWO; ; base = base.add(one)) {
            var x = base.modPow(odd, n);
            for (var squared = x.modPow(BigInteger.TWO, n); !x.equals(one); squared = x.modPow(BigInteger.TWO, n)) {
                if (squared.equals(one) && !x.equals(n.subtract(one))) {
                    return x.subtract(one).gcd(n);
                }
                x = squared;
            }
        }
    }
}
