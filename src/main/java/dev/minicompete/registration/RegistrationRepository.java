package dev.minicompete.registration;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.platform.http.paging.Cursor;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import dev.minicompete.registration.OwnRegistrationView.CompetitionSummary;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds registrations. */
@ApplicationScoped
class RegistrationRepository {

    private static final String SELECT = "SELECT " + RegistrationView.COLUMNS + """
            , c.title, c.starts_at, c.cancelled_at AS competition_cancelled_at, c.reg_deadline,
                c.capacity - c.registered AS seats_left, now() AS now,
            """ + WaitlistPosition.COLUMN + """
            FROM registrations r JOIN competitions c ON c.id = r.competition_id
            """;

    private static final String FIND = SELECT + "WHERE r.id = $1 AND (r.participant_id = $2 OR c.organizer_id = $2)";

    private static final String FIND_OWN = SELECT + """
            WHERE r.participant_id = $1
                AND (r.created_at, r.id) < (coalesce($2::timestamptz, 'infinity'),
                    coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
            ORDER BY r.created_at DESC, r.id DESC
            LIMIT $4
            """;

    private final Pool pool;

    RegistrationRepository(Pool pool) {
        this.pool = pool;
    }

    /** Finds a registration if the caller may see it; otherwise null. */
    Uni<@Nullable RegistrationView> find(UUID id, UUID caller) {
        return Database.inTime(pool.preparedQuery(FIND).execute(Tuple.of(id, caller)))
                .map(rows -> Rows.first(rows, RegistrationView::of));
    }

    /** Finds a page of a participant's registrations, newest first. */
    Uni<Page<OwnRegistrationView>> findOwn(UUID participantId, PageRequest page) {
        var after = page.after();
        var parameters = Tuple.of(
                participantId,
                after == null ? null : after.at().atOffset(ZoneOffset.UTC),
                after == null ? null : after.id(),
                page.rows());
        return Database.inTime(pool.preparedQuery(FIND_OWN).execute(parameters))
                .map(rows -> Rows.list(rows, RegistrationRepository::own))
                .map(own -> page.page(own, RegistrationRepository::place, Function.identity()));
    }

    private static Cursor place(OwnRegistrationView own) {
        return new Cursor(own.registration().createdAt(), own.registration().id());
    }

    private static OwnRegistrationView own(Row row) {
        var status = CompetitionStatus.at(
                Rows.instant(row, "now"),
                Rows.instantOrNull(row, "competition_cancelled_at"),
                Rows.instant(row, "reg_deadline"),
                row.getInteger("seats_left"));
        return new OwnRegistrationView(
                RegistrationView.of(row),
                new CompetitionSummary(
                        row.getUUID("competition_id"), row.getString("title"), Rows.instant(row, "starts_at"), status));
    }
}
