package dev.minicompete.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Knows what must be true of the tables, whatever happened before: the invariants of the contract. It reads through JDBC
 * and shares no code with the application.
 */
public final class Oracle {

    /** Parameter 1 is an array of competitions, or null for all. */
    private static final String SCOPE = "(?::uuid[] IS NULL OR c.id = ANY (?::uuid[]))";

    private static final String COUNTS = """
            SELECT format('competition %s: capacity %s, registered %s, waitlisted %s, but %s confirmed and %s waiting, %s in blocks',
                c.id, c.capacity, c.registered, c.waitlisted, n.confirmed, n.waiting, b.waiting)
            FROM competitions c CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
                    count(*) FILTER (WHERE status = 'waitlisted') AS waiting
                FROM registrations r WHERE r.competition_id = c.id) n
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(waiting), 0) AS waiting FROM waitlist_blocks w WHERE w.competition_id = c.id) b
            WHERE (n.confirmed > c.capacity OR n.confirmed <> c.registered OR n.waiting <> c.waitlisted
                OR n.waiting <> b.waiting) AND """ + SCOPE;

    private static final String FREE_SEAT = """
            SELECT format('competition %s: %s of %s seats given while %s wait',
                c.id, c.registered, c.capacity, c.waitlisted)
            FROM competitions c
            WHERE c.registered < c.capacity AND c.waitlisted > 0 AND c.cancelled_at IS NULL AND c.starts_at > now()
                AND """ + SCOPE;

    private static final String ACTIVE_TWICE = """
            SELECT format('participant %s in competition %s: %s', r.participant_id, c.id,
                string_agg(r.id || ' ' || r.status, ', '))
            FROM registrations r JOIN competitions c ON c.id = r.competition_id
            WHERE r.status IN ('confirmed', 'waitlisted') AND """ + SCOPE + """
            GROUP BY r.participant_id, c.id HAVING count(*) > 1
            """;

    /**
     * A mail that is due counts as sent while its job is a dead letter: somebody is going to decide about it. One whose
     * job still waits does not.
     */
    private static final String MAILS = """
            WITH due (registration_id, kind, at_least, at_most) AS (
                SELECT r.id, k.kind,
                    CASE k.kind
                        WHEN 'confirmation' THEN r.first_status = 'confirmed'
                        WHEN 'waitlisted' THEN r.first_status = 'waitlisted'
                        WHEN 'promoted' THEN r.first_status = 'waitlisted' AND r.status = 'confirmed'
                        WHEN 'cancellation' THEN r.status = 'cancelled'
                        ELSE c.cancelled_at IS NOT NULL AND r.created_at < c.cancelled_at
                            AND (r.status IN ('confirmed', 'waitlisted') OR r.cancelled_at > c.cancelled_at)
                    END::int,
                    CASE k.kind
                        WHEN 'confirmation' THEN r.first_status = 'confirmed'
                        WHEN 'waitlisted' THEN r.first_status = 'waitlisted'
                        -- Somebody promoted may have cancelled since.
                        WHEN 'promoted' THEN r.first_status = 'waitlisted' AND r.status IN ('confirmed', 'cancelled')
                        WHEN 'cancellation' THEN r.status = 'cancelled'
                        ELSE c.cancelled_at IS NOT NULL
                    END::int
                FROM registrations r
                JOIN competitions c ON c.id = r.competition_id
                CROSS JOIN unnest(ARRAY['confirmation', 'waitlisted', 'promoted', 'cancellation',
                    'competition-cancelled']) AS k (kind)
                WHERE r.first_status IS NOT NULL AND """ + SCOPE + """
            ),
            sent AS (
                SELECT registration_id, kind, 1 AS mails, 0 AS dead FROM mailbox
                UNION ALL
                SELECT registration_id, CASE WHEN kind LIKE 'registration:%' THEN split_part(kind, ':', 2)
                    ELSE replace(kind, ':', '-') END, 0, 1
                FROM failed_jobs)
            SELECT format('registration %s: %s %s mails and %s dead letters instead of %s',
                d.registration_id, coalesce(sum(s.mails), 0), d.kind, coalesce(sum(s.dead), 0),
                CASE WHEN at_least = at_most THEN at_least::text ELSE at_least || ' to ' || at_most END)
            FROM due d LEFT JOIN sent s USING (registration_id, kind)
            GROUP BY d.registration_id, d.kind, at_least, at_most
            HAVING NOT coalesce(sum(s.mails + s.dead), 0) BETWEEN at_least AND at_most
            """;

    private static final String OUTBOX = """
            SELECT format('%s jobs %s, the oldest of %s, at most %s attempts: %s', count(*), kind, min(created_at),
                max(attempts), max(error))
            FROM outbox GROUP BY kind
            """;

    private static final String PLACES = """
            SELECT format('competition %s: place %s was given at %s, a lower one not before %s',
                c.id, r.place, r.created_at, r.before)
            FROM (SELECT *, max(created_at) OVER (PARTITION BY competition_id ORDER BY place) AS before
                FROM registrations WHERE place IS NOT NULL) r
            JOIN competitions c ON c.id = r.competition_id
            WHERE r.created_at < r.before AND """ + SCOPE;

    private static final String JUMPED = """
            SELECT format('competition %s: place %s has a seat while place %s has not',
                c.id, max(r.place) FILTER (WHERE r.status = 'confirmed'),
                min(r.place) FILTER (WHERE r.status IN ('waitlisted', 'expired')))
            FROM registrations r JOIN competitions c ON c.id = r.competition_id
            WHERE r.place IS NOT NULL AND """ + SCOPE + """
            GROUP BY c.id
            HAVING max(r.place) FILTER (WHERE r.status = 'confirmed')
                > min(r.place) FILTER (WHERE r.status IN ('waitlisted', 'expired'))
            """;

    /** Each mark is one start that was announced; who is confirmed for a start within a day has one for just that start. */
    private static final String REMINDERS = """
            WITH sent AS (
                SELECT registration_id, count(*) AS mails FROM (
                    SELECT registration_id FROM mailbox WHERE kind = 'reminder'
                    UNION ALL
                    SELECT registration_id FROM failed_jobs WHERE kind = 'reminder:notify') s
                GROUP BY registration_id),
            marked AS (
                SELECT registration_id, count(*) AS marks, array_agg(starts_at) AS starts
                FROM reminders GROUP BY registration_id)
            SELECT format('registration %s: %s reminders for %s marks; marked for its start: %s',
                r.id, coalesce(s.mails, 0), coalesce(m.marks, 0), coalesce(c.starts_at = ANY (m.starts), false))
            FROM registrations r
            JOIN competitions c ON c.id = r.competition_id
            LEFT JOIN sent s ON s.registration_id = r.id
            LEFT JOIN marked m ON m.registration_id = r.id
            WHERE r.status = 'confirmed' AND c.cancelled_at IS NULL
                AND c.starts_at > now() AND c.starts_at <= now() + interval '23 hours'
                AND (s.mails IS DISTINCT FROM m.marks OR NOT coalesce(c.starts_at = ANY (m.starts), false)) AND """ + SCOPE;

    private final TestDatabase database;
    private final UUID[] competitions;

    /** Looks at everything. */
    public Oracle(TestDatabase database) {
        this(database, (UUID[]) null);
    }

    /** Looks at these competitions only; at the outbox it looks as a whole. */
    public Oracle(TestDatabase database, UUID... competitions) {
        this.database = database;
        this.competitions = competitions;
    }

    /** Waits until no job is left, whether done or dead. PostgreSQL may be away in the meantime. */
    public void awaitDrained(Duration patience) {
        await("the outbox drains")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(this::assertNoJobWaits);
    }

    /** Everything below that needs no list from the test; call it once the jobs have drained. */
    public void assertInvariants() {
        assertSeatsAreCountedAndNotOversold();
        assertNobodyWaitsForAFreeSeat();
        assertOneActiveRegistrationEach();
        assertNoJobWaits();
        assertEveryMailWasSentOnce();
        assertWaitlistKeepsItsOrder();
    }

    /** Invariant 1. */
    public void assertSeatsAreCountedAndNotOversold() {
        assertNone(COUNTS, "seats are counted and not oversold");
    }

    /** Invariant 1, its other half. */
    public void assertNobodyWaitsForAFreeSeat() {
        assertNone(FREE_SEAT, "nobody waits for a free seat");
    }

    /** Invariant 2. */
    public void assertOneActiveRegistrationEach() {
        assertNone(ACTIVE_TWICE, "a participant has one active registration in a competition");
    }

    /** Invariants 3 and 5: each mail that is due is there once, or its job is a dead letter. */
    public void assertEveryMailWasSentOnce() {
        assertNone(MAILS, "every mail was sent once");
    }

    /** Invariant 5, its other half: no unfinished job is left. */
    public void assertNoJobWaits() {
        assertThat(database.texts(OUTBOX)).as("no job waits").isEmpty();
    }

    /** Invariant 4; call it after a run of the scheduler, whose window is a day, once the jobs have drained. */
    public void assertEverybodyWasRemindedOnce() {
        assertNone(REMINDERS, "everybody was reminded once for each start");
    }

    /** Invariant 6: each registration that some client was told of exists. */
    public void assertEveryAnswerIsARow(Collection<UUID> answered) {
        var missing = database.texts("""
                SELECT a.id FROM unnest(?) AS a (id) WHERE NOT EXISTS (SELECT FROM registrations r WHERE r.id = a.id)
                """, (Object) answered.toArray(UUID[]::new));
        assertThat(missing)
                .as("registrations that were answered 201 and do not exist")
                .isEmpty();
    }

    /** Invariant 7. */
    public void assertWaitlistKeepsItsOrder() {
        assertNone(PLACES, "places on the waitlist ascend with time");
        assertNone(JUMPED, "nobody is promoted past somebody who waits");
    }

    private void assertNone(String query, String description) {
        List<String> violations = database.texts(query, competitions, competitions);
        assertThat(violations).as(description).isEmpty();
    }
}
