package dev.minicompete.platform.http.paging;

import dev.minicompete.platform.http.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in a list for keyset pagination: the sort value and the id of the last item seen. What a client holds is
 * opaque and fits only the list, sort and filter it came from.
 *
 * @param at the last item's time, in microseconds as PostgreSQL keeps it
 * @param id the last item's id, which tells items of the same time apart
 */
public record Cursor(Instant at, UUID id) {

    private static final int BYTES = Long.BYTES + 2 * Long.BYTES + Integer.BYTES;

    /** The text for clients. The scope names the list with its sort and filter. */
    String encode(String scope) {
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(micros(at))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(scope.hashCode());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** ChronoUnit counts nanoseconds on the way, of which a long holds no more than 292 years. */
    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws ProblemException when it is not a cursor, or not one of this scope
     */
    static Cursor decode(String text, String scope) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() == BYTES) {
                var at = Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS);
                var id = new UUID(bytes.getLong(), bytes.getLong());
                if (bytes.getInt() == scope.hashCode()) {
                    return new Cursor(at, id);
                }
            }
        } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException malformed) {
            // Falls through to the one answer there is for all of them.
        }
        throw ProblemException.invalid("cursor", "is not a cursor of this list, sort and filter");
    }
}
