package dev.minicompete.platform.security;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id of <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106</a> with the parameters of OWASP's password
 * storage cheat sheet, written as a PHC string. One hash costs about 30 ms of one core and must not run on an event loop.
 */
public final class PasswordHash {

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int ITERATIONS = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private static final Pattern PHC =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$([^$]+)\\$([^$]+)");

    /** A hash that no password matches. Comparing with it makes the log-in of an unknown account take as long as that of a known one. */
    public static final String UNMATCHABLE =
            phc(MEMORY_KIB, ITERATIONS, LANES, new byte[SALT_BYTES], new byte[HASH_BYTES]);

    /** The memory that a hash needs, reused by the next until the heap is short: allocated each time it would be most of our garbage. */
    private static volatile WeakReference<BlockPool> workspace = new WeakReference<>(null);

    private static final LongAdder COMPUTED = new LongAdder();

    private PasswordHash() {}

    /** The number of hashes that this process has computed, including those for accounts that do not exist. */
    public static long computed() {
        return COMPUTED.sum();
    }

    /** Hashes a password with a new salt; returns a PHC string. */
    public static String of(String password) {
        var salt = new byte[SALT_BYTES];
        // Not a constant: a native image may not hold a random number generator.
        new SecureRandom().nextBytes(salt);
        var hash = argon2id(password, salt, MEMORY_KIB, ITERATIONS, LANES, HASH_BYTES);
        return phc(MEMORY_KIB, ITERATIONS, LANES, salt, hash);
    }

    /**
     * Whether this is the password that was hashed. The parameters come from the hash.
     *
     * @throws IllegalStateException when the hash is not an Argon2id PHC string
     */
    public static boolean matches(String password, String phc) {
        var fields = PHC.matcher(phc);
        if (!fields.matches()) {
            throw new IllegalStateException("A stored password hash is not an Argon2id PHC string");
        }
        var expected = Base64.getDecoder().decode(fields.group(5));
        var actual = argon2id(
                password,
                Base64.getDecoder().decode(fields.group(4)),
                Integer.parseInt(fields.group(1)),
                Integer.parseInt(fields.group(2)),
                Integer.parseInt(fields.group(3)),
                expected.length);
        return MessageDigest.isEqual(expected, actual);
    }

    private static byte[] argon2id(String password, byte[] salt, int memory, int iterations, int lanes, int length) {
        COMPUTED.increment();
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(iterations)
                .withParallelism(lanes)
                .withSalt(salt)
                .withBlockPool(workspace())
                .build());
        var hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    /** Two threads at once may allocate two, of which one is kept. */
    private static BlockPool workspace() {
        var kept = workspace.get();
        if (kept == null) {
            kept = new FixedBlockPool(Argon2BytesGenerator.getBlockCount(MEMORY_KIB, LANES));
            workspace = new WeakReference<>(kept);
        }
        return kept;
    }

    private static String phc(int memory, int iterations, int lanes, byte[] salt, byte[] hash) {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memory + ",t=" + iterations + ",p=" + lanes + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }
}
