package dev.minicompete.competition;

import dev.minicompete.auth.User;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

@ApplicationScoped
class CompetitionRepository implements PanacheRepositoryBase<Competition, UUID> {

    /**
     * Names the organizer and asks the database for the time, which decides the status, in the same query. It is the time
     * of the clock: that of the transaction would be before the wait for the lock.
     */
    private static final String FIND =
            "select c, u.name, function('clock_timestamp' as Instant) from Competition c join User u on u.id = c.organizerId";

    private static final String LOCK = "SELECT id FROM competitions WHERE id = :id FOR NO KEY UPDATE";

    /** A competition with what its view needs besides. */
    record Found(Competition competition, String organizerName, Instant now) {

        CompetitionView view() {
            return CompetitionView.of(competition, organizerName, now);
        }
    }

    /** An account at this moment of the database's clock. */
    record Owner(User user, Instant now) {}

    /** The competition, or null. */
    Uni<Found> find(UUID id) {
        return Panache.getSession()
                .flatMap(session -> session.createQuery(FIND + " where c.id = :id", Object[].class)
                        .setParameter("id", id)
                        .getSingleResultOrNull()
                        .map(row -> row == null ? null : found(row)));
    }

    Uni<List<Found>> find(CompetitionQuery query) {
        return Panache.getSession().flatMap(session -> {
            var select = session.createQuery(FIND + query.clauses(), Object[].class);
            query.parameters().forEach(select::setParameter);
            return select.setMaxResults(query.page().rows())
                    .getResultList()
                    .map(rows -> rows.stream().map(CompetitionRepository::found).toList());
        });
    }

    /** The account that is about to own a competition, or null when it is gone. */
    Uni<Owner> findOwner(UUID id) {
        return Panache.getSession()
                .flatMap(
                        session -> session.createQuery("select u, instant from User u where u.id = :id", Object[].class)
                                .setParameter("id", id)
                                .getSingleResultOrNull())
                .map(row -> row == null ? null : new Owner((User) row[0], (Instant) row[1]));
    }

    private static Found found(Object[] row) {
        return new Found((Competition) row[0], (String) row[1], (Instant) row[2]);
    }

    /** The competition under a lock that lets registrations' foreign keys pass, or null. */
    Uni<Found> findLocked(UUID id) {
        return Panache.getSession()
                .flatMap(session -> session.createNativeQuery(LOCK, UUID.class)
                        .setParameter("id", id)
                        .getSingleResultOrNull())
                .flatMap(locked -> locked == null ? Uni.createFrom().nullItem() : find(id));
    }
}
