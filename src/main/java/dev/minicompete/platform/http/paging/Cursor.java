package dev.minicompete.platform.http.paging;

import dev.minicompete.platform.http.problem.ProblemException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/**
 * The position after an item of a list, for keyset pagination. Clients get it as opaque text that is valid only for the list,
 * sort and filter that it came from.
 *
 * @param at the time of the item by which the list is sorted, to the microsecond
 * @param id the id of the item, which orders items of the same time
 */
public record Cursor(Instant at, UUID id) {

    private static final int BYTES = Long.BYTES + 2 * Long.BYTES + Integer.BYTES;

    /** The text for clients. The scope identifies the list with its sort and filter. */
    String encode(String scope) {
        var bytes = ByteBuffer.allocate(BYTES)
                .putLong(micros(at))
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putInt(scope.hashCode());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** Not by ChronoUnit.MICROS.between, which overflows after 292 years. */
    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    }

    /**
     * Decodes the text of {@link #encode}.
     *
     * @throws ProblemException {@code validation} when it is no cursor of this scope
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
            // All errors have the same answer, below.
        }
        throw ProblemException.invalid("cursor", "is not a cursor of this list, sort and filter");
    }
}
