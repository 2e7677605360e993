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
import org.jspecify.annotations.Nullable;

/** Finds the registrations of a competition with their participants, in the order of registration. */
@ApplicationScoped
class ParticipantRepository {

    private static final String FIND_ORGANIZER = "SELECT organizer_id FROM competitions WHERE id = $1";

    /** Counts the positions in each block of which the page has a place, so that neighbours are counted once. */
    private static final String FIND = """
            WITH page AS MATERIALIZED (
                SELECT * FROM registrations r
                WHERE r.competition_id = $1 %s
                    AND (r.created_at, r.id) > (coalesce($2::timestamptz, '-infinity'),
                        coalesce($3::uuid, '00000000-0000-0000-0000-000000000000'))
                    AND ($5::text IS NULL OR EXISTS (
                        SELECT FROM users u WHERE u.id = r.participant_id
                            AND fold_text(u.name || E'\n' || u.email) LIKE (SELECT search_pattern($5)) ESCAPE '!'))
                ORDER BY r.created_at, r.id
                LIMIT $4),
            blocks AS MATERIALIZED (
                SELECT b.*, """ + WaitlistPosition.BEFORE_BLOCK + """
                    AS before
                FROM (SELECT DISTINCT competition_id, place >> 8 AS block FROM page WHERE status = 'waitlisted') b),
            positions AS MATERIALIZED (
                SELECT w.id, b.before + row_number() OVER (PARTITION BY b.block ORDER BY w.place) AS position
                FROM blocks b CROSS JOIN LATERAL (
                    SELECT id, place FROM registrations
                    WHERE competition_id = $1 AND status = 'waitlisted'
                        AND place BETWEEN b.block << 8 AND (b.block << 8) + 255
                    ORDER BY place LIMIT 256) w)
            SELECT\s""" + RegistrationView.COLUMNS + """
            , u.name, u.email, p.position
            FROM page r JOIN users u ON u.id = r.participant_id LEFT JOIN positions p ON p.id = r.id
            ORDER BY r.created_at, r.id
            """;

    private final Pool pool;

    ParticipantRepository(Pool pool) {
        this.pool = pool;
    }

    /** Finds the organizer of a competition; empty if there is no such competition. */
    Uni<Optional<UUID>> findOrganizer(UUID competitionId) {
        return Database.inTime(pool.preparedQuery(FIND_ORGANIZER).execute(Tuple.of(competitionId)))
                .map(rows -> Optional.ofNullable(Rows.first(rows, row -> row.getUUID("organizer_id"))));
    }

    /** Finds a page, optionally only of a status, or whose name or e-mail address contains this text; null for all. */
    Uni<Page<ParticipantView>> find(
            UUID competitionId, @Nullable RegistrationStatus status, @Nullable String text, PageRequest page) {
        return find(competitionId, status, text, page.after(), page.rows())
                .map(rows -> page.page(rows, ParticipantRepository::place, Function.identity()));
    }

    /** Finds up to {@code limit} after this place, or from the start if it is null. */
    Uni<List<ParticipantView>> find(
            UUID competitionId,
            @Nullable RegistrationStatus status,
            @Nullable String text,
            @Nullable Cursor after,
            int limit) {
        var parameters = Tuple.tuple()
                .addValue(competitionId)
                .addValue(after == null ? null : after.at().atOffset(ZoneOffset.UTC))
                .addValue(after == null ? null : after.id())
                .addValue(limit)
                .addValue(text);
        return Database.inTime(
                        pool.preparedQuery(FIND.formatted(condition(status))).execute(parameters))
                .map(rows -> Rows.list(rows, ParticipantRepository::view));
    }

    /** A literal, not a parameter, so that a cached plan can use the partial index of the status. */
    private static String condition(@Nullable RegistrationStatus status) {
        return status == null ? "" : "AND r.status = '" + status.text() + "'";
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
