package dev.minicompete.competition;

import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.Rows;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads competitions: by SQL for views, and as entities for the transactions that change them. */
@ApplicationScoped
class CompetitionRepository implements PanacheRepositoryBase<Competition, UUID> {

    /**
     * Reads the organizer's name and the database's time, which decides the status, in the same query. {@code now()} would be
     * the time before the wait for the lock.
     */
    private static final String FIND = "SELECT " + Competition.COLUMNS + """
            , u.name AS organizer_name, clock_timestamp() AS now
            FROM competitions c JOIN users u ON u.id = c.organizer_id
            """;

    private static final String FIND_OWNER = "SELECT name, clock_timestamp() FROM users WHERE id = :id";

    private static final String LOCK = "SELECT id FROM competitions WHERE id = :id FOR NO KEY UPDATE";

    /** A competition with the other data of its view. */
    record Found(Competition competition, String organizerName, Instant now) {

        CompetitionView view() {
            return CompetitionView.of(competition, organizerName, now);
        }
    }

    /** The name of an account, and the database's time. */
    record Owner(String name, Instant now) {}

    private final Pool pool;

    CompetitionRepository(Pool pool) {
        this.pool = pool;
    }

    /** The competition; null when there is none. */
    Uni<@Nullable Found> find(UUID id) {
        return rows("WHERE c.id = $1", Tuple.of(id)).map(rows -> Rows.first(rows, CompetitionRepository::found));
    }

    /** The competitions that match the query. */
    Uni<List<Found>> find(CompetitionQuery query) {
        return rows(query.clauses(), query.parameters()).map(rows -> Rows.list(rows, CompetitionRepository::found));
    }

    private Uni<RowSet<Row>> rows(String clauses, Tuple parameters) {
        return Database.inTime(pool.preparedQuery(FIND + clauses).execute(parameters));
    }

    private static Found found(Row row) {
        return new Found(Competition.of(row), row.getString("organizer_name"), Rows.instant(row, "now"));
    }

    /** The account of an organizer; null when it no longer exists. */
    Uni<@Nullable Owner> findOwner(UUID id) {
        return Panache.getSession()
                .flatMap(session -> session.createNativeQuery(FIND_OWNER, Object[].class)
                        .setParameter("id", id)
                        .getSingleResultOrNull())
                .map(row -> row == null ? null : new Owner((String) row[0], ((OffsetDateTime) row[1]).toInstant()));
    }

    /** The competition as an entity of the session; null when there is none. */
    Uni<@Nullable Found> findEntity(UUID id) {
        return findById(id)
                .onItem()
                .ifNotNull()
                .transformToUni(competition -> findOwner(competition.organizerId)
                        .map(owner -> new Found(competition, owner.name(), owner.now())));
    }

    /** The same, locked. The lock does not block the foreign key checks of registrations. */
    Uni<@Nullable Found> findLocked(UUID id) {
        return Panache.getSession()
                .flatMap(session -> session.createNativeQuery(LOCK, UUID.class)
                        .setParameter("id", id)
                        .getSingleResultOrNull())
                .flatMap(locked -> locked == null ? Uni.createFrom().nullItem() : findEntity(id));
    }
}
