package dev.minicompete.registration;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the seats of competitions. Open pages poll them, so it is one query of bounded cost. */
@ApplicationScoped
public class SeatAvailabilityRepository {

    private static final String FIND = """
            SELECT c.id, c.organizer_id, c.capacity, c.registered, c.waitlist, c.waitlisted, c.reg_deadline,
                c.cancelled_at, c.starts_at <= clock_timestamp() AS started, clock_timestamp() AS now,
                r.id AS registration_id, r.status, r.note,
            """ + WaitlistPosition.COLUMN + """
            FROM competitions c LEFT JOIN registrations r
                ON r.competition_id = c.id AND r.participant_id = $2 AND r.status IN ('confirmed', 'waitlisted')
            WHERE c.id = $1
            """;

    private final Pool pool;

    SeatAvailabilityRepository(Pool pool) {
        this.pool = pool;
    }

    /**
     * Finds the seats of a competition; fails with {@code not-found}.
     *
     * @param participantId the participant whose registration is included; null for none
     */
    public Uni<SeatAvailability> find(UUID competitionId, @Nullable UUID participantId) {
        return Database.inTime(pool.preparedQuery(FIND).execute(Tuple.of(competitionId, participantId)))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw ProblemException.notFound();
                    }
                    return availability(rows.iterator().next());
                });
    }

    private static SeatAvailability availability(Row row) {
        var deadline = Rows.instant(row, "reg_deadline");
        var capacity = row.getInteger("capacity");
        var registered = row.getInteger("registered");
        var status = row.getString("status");
        return new SeatAvailability(
                row.getUUID("id"),
                row.getUUID("organizer_id"),
                capacity,
                registered,
                row.getBoolean("waitlist"),
                row.getInteger("waitlisted"),
                CompetitionStatus.at(
                        Rows.instant(row, "now"),
                        Rows.instantOrNull(row, "cancelled_at"),
                        deadline,
                        capacity - registered),
                deadline,
                row.getBoolean("started"),
                row.getUUID("registration_id"),
                status == null ? null : RegistrationStatus.of(status),
                row.getLong("position"),
                row.getString("note"));
    }
}
