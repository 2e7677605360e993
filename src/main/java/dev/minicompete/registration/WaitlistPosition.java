package dev.minicompete.registration;

/**
 * Finds positions on a waitlist: the number of those who wait at places up to one's own. Places are never rewritten, so they are
 * counted: by {@code waitlist_blocks} in the blocks of 256 places before, and one by one in the own block. The cost is bounded, and
 * nearly the same for each place.
 */
final class WaitlistPosition {

    /** The number of those who wait before the block {@code b.block} of the competition {@code b.competition_id}. */
    static final String BEFORE_BLOCK = """
            (SELECT coalesce(sum(e.waiting), 0) FROM waitlist_blocks e
                WHERE e.competition_id = b.competition_id AND e.block < b.block)
            """;

    /** The column {@code position} of a registration {@code r}; null for those who do not wait. */
    static final String COLUMN = """
            CASE WHEN r.status = 'waitlisted' THEN (
                SELECT
            """ + BEFORE_BLOCK + """
                + (SELECT count(*) FROM registrations w
                    WHERE w.competition_id = r.competition_id AND w.status = 'waitlisted'
                        AND w.place BETWEEN b.block << 8 AND r.place)
                FROM (SELECT r.competition_id, r.place >> 8 AS block) b) END AS position
            """;

    private WaitlistPosition() {}
}
