package dev.minicompete.platform.security;

import java.util.Arrays;

/**
 * The signatures that were verified lately, since who comes once comes again: by its pages, a retry, the next registration. It
 * knows them by SHA-256 of what is signed and the signature together, so that it can be asked for nothing but the very same
 * token, and holds none that could be stolen from it. Each has one place only, which it takes from whoever had it before.
 *
 * <p>Safe for use by several threads without a lock: who reads a digest while another takes its place sees a mixture of two
 * that were verified, which fits a third no sooner than SHA-256 has a collision.
 */
final class VerifiedSignatures {

    private static final int DIGEST_BYTES = 32;

    /** For some ten thousands who come again: with 4 MB, of 20,000 who come in turn six in seven find their place as they left it. */
    private static final int PLACES = 1 << 17;

    /** Null until the first is added: a key that is only looked at, as at the start, needs none. Of two that meet here one is lost. */
    private byte[] digests;

    /** Whether a signature with this SHA-256 was verified, as far as is remembered. */
    boolean contains(byte[] digest) {
        var known = digests;
        var place = place(digest);
        return known != null && Arrays.equals(known, place, place + DIGEST_BYTES, digest, 0, DIGEST_BYTES);
    }

    /** Remembers a signature with this SHA-256, which was verified. */
    void add(byte[] digest) {
        var known = digests;
        if (known == null) {
            known = new byte[PLACES * DIGEST_BYTES];
            digests = known;
        }
        System.arraycopy(digest, 0, known, place(digest), DIGEST_BYTES);
    }

    private static int place(byte[] digest) {
        return ((digest[0] & 0xFF) << 16 | (digest[1] & 0xFF) << 8 | digest[2] & 0xFF) % PLACES * DIGEST_BYTES;
    }
}
