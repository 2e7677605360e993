package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;

class VerifiedSignaturesTest {

    private final VerifiedSignatures verified = new VerifiedSignatures();

    @Test
    void whatWasAddedIsKnown() throws NoSuchAlgorithmException {
        for (var n = 0; n < 1_000; n++) {
            assertThat(verified.contains(digest(n))).isFalse();
            verified.add(digest(n));
            assertThat(verified.contains(digest(n))).isTrue();
        }
    }

    @Test
    void mostOfThoseThatAreNotTooManyStayKnown() throws NoSuchAlgorithmException {
        for (var n = 0; n < 30_000; n++) {
            verified.add(digest(n));
        }
        var known = 0;
        for (var n = 0; n < 30_000; n++) {
            known += verified.contains(digest(n)) ? 1 : 0;
        }
        assertThat(known).isBetween(25_500, 30_000);
    }

    @Test
    void whoeverComesLaterTakesThePlace() throws NoSuchAlgorithmException {
        var first = digest(1);
        var second = first.clone();
        second[31] ^= 1;
        verified.add(first);
        assertThat(verified.contains(second)).isFalse();
        verified.add(second);
        assertThat(verified.contains(second)).isTrue();
        assertThat(verified.contains(first)).isFalse();
    }

    private static byte[] digest(int number) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(new byte[] {(byte) (number >> 8), (byte) number});
    }
}
