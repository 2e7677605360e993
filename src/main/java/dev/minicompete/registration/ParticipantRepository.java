package dev.minicompete.registration;

import dev.minicompete.platform.http.paging.Cursor;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import dev.minicompete.registration.ParticipantView.Participant;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Who registered for a competition, in the order in which they did. */
@ApplicationScoped
class ParticipantRepository {

    private static final String FIND_ORGANIZER = "SELECT organizer_id FROM competitions WHERE id = $1";

    /** Counts those ahead of the page once and goes on from there, so that a page of a long waitlist costs no square. */
    private static final String FIND = """
            WITH page AS MATERIALIZED (
                SELECT * FROM registrations r
                WHERE r.competition_id = $1 %s
                    AND (r.created_at, r.id) > (coalesce($2::timestamptz, '-infinity'),
                        coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
                    AND ($5::text IS NULL OR EXISTS (
                        SELECT FROM users u WHERE u.id = r.participant_id
                            AND lower(u.name || E'\n' || u.email) LIKE lower($5) ESCAPE '!'))
                ORDER BY r.created_at, r.id
                LIMIT $4),
            waiting AS MATERIALIZED (
                SELECT min(place) AS first, max(place) AS last FROM page WHERE status = 'waitlisted'),
            positions AS MATERIALIZED (
                SELECT w.id, row_number() OVER (ORDER BY w.place) + (
                    SELECT count(*) FROM registrations a
                    WHERE a.competition_id = $1 AND a.status = 'waitlisted'
                        AND a.place < (SELECT first FROM waiting)) AS position
                FROM registrations w
                WHERE w.competition_id = $1 AND w.status = 'waitlisted'
                    AND w.place BETWEEN (SELECT first FROM waiting) AND (SELECT last FROM waiting))
            SELECT\s""" + RegistrationView.COLUMNS + """
            , u.name, u.email, p.position
            FROM page r JOIN users u ON u.id = r.participant_id LEFT JOIN positions p ON p.id = r.id
            ORDER BY r.created_at, r.id
            """;

    private final Pool pool;

    ParticipantRepository(Pool pool) {
        this.pool = pool;
    }

    /** Whose competition it is; empty when there is none. */
    Uni<Optional<UUID>> findOrganizer(UUID competitionId) {
        return Database.inTime(pool.preparedQuery(FIND_ORGANIZER).execute(Tuple.of(competitionId)))
                .map(rows -> Optional.ofNullable(Rows.first(rows, row -> row.getUUID("organizer_id"))));
    }

    /** A page of those of a status whose name or address has this text in it; null for any. */
    Uni<Page<ParticipantView>> find(UUID competitionId, String status, String text, PageRequest page) {
        return find(competitionId, status, text, page.after(), page.rows())
                .map(rows -> page.page(rows, ParticipantRepository::place, Function.identity()));
    }

    /** The next so many after a place, or from the start. */
    Uni<List<ParticipantView>> find(UUID competitionId, String status, String text, Cursor after, int limit) {
        var parameters = Tuple.tuple()
                .addValue(competitionId)
                .addValue(after == null ? null : after.at().atOffset(ZoneOffset.UTC))
                .addValue(after == null ? null : after.id())
                .addValue(limit)
                .addValue(text == null ? null : "%" + text.replaceAll("[!%_]", "!$0") + "%");
        return Database.inTime(pool.preparedQuery(FIND.formatted(only(status))).execute(parameters))
                .map(rows -> Rows.list(rows, ParticipantRepository::view));
    }

    /** Said in the statement's own words, without which no plan kept for any status could use the index of these. */
    private static String only(String status) {
        return status == null
                ? ""
                : switch (status) {
                    case "confirmed" -> "AND r.status = 'confirmed'";
                    case "waitlisted" -> "AND r.status = 'waitlisted'";
                    case "cancelled" -> "AND r.status = 'cancelled'";
                    case "expired" -> "AND r.status = 'expired'";
                    default -> throw new IllegalArgumentException(status);
                };
    }

    static Cursor place(ParticipantView participant) {
        return new Cursor(
                participant.registration().createdAt(),
                participant.registration().id());
    }

    private static ParticipantView view(Row row) {
        return new ParticipantView(
                RegistrationView.of(row),
                new Participant(row.getUUID("participant_id"), row.getString("name"), row.getString("email")));
    }
}
