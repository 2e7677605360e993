package dev.minicompete.registration;

import dev.minicompete.competition.CompetitionStatus;
import dev.minicompete.http.Cursor;
import dev.minicompete.http.Page;
import dev.minicompete.http.PageRequest;
import dev.minicompete.registration.OwnRegistrationView.CompetitionSummary;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

@ApplicationScoped
class RegistrationRepository implements PanacheRepositoryBase<Registration, UUID> {

    /** Counts those who wait and came no later; places themselves are never rewritten. */
    private static final String POSITION = """
            case when r.status = 'waitlisted' then (
                select count(*) from Registration w
                where w.competitionId = r.competitionId and w.status = 'waitlisted' and w.place <= r.place) end
            """;

    private static final String FIND = "select r, " + POSITION + """
             from Registration r join Competition c on c.id = r.competitionId
            where r.id = :id and (r.participantId = :caller or c.organizerId = :caller)
            """;

    private static final String FIND_OWN = "select r, " + POSITION + """
            , c.title, c.startsAt, c.cancelledAt, c.regDeadline, c.capacity - c.registered, instant
            from Registration r join Competition c on c.id = r.competitionId
            where r.participantId = :participant %s
            order by r.createdAt desc, r.id desc
            """;

    private static final String BEFORE = "and (r.createdAt, r.id) < (:at, :id)";

    /** A registration that the caller may see, or null. */
    Uni<RegistrationView> find(UUID id, UUID caller) {
        return Panache.getSession()
                .flatMap(session -> session.createQuery(FIND, Object[].class)
                        .setParameter("id", id)
                        .setParameter("caller", caller)
                        .getSingleResultOrNull())
                .map(row -> row == null ? null : RegistrationView.of((Registration) row[0], (Long) row[1]));
    }

    Uni<Page<OwnRegistrationView>> findOwn(UUID participantId, PageRequest page) {
        return Panache.getSession().flatMap(session -> {
            var query = session.createQuery(FIND_OWN.formatted(page.after() == null ? "" : BEFORE), Object[].class)
                    .setParameter("participant", participantId)
                    .setMaxResults(page.rows());
            if (page.after() != null) {
                query.setParameter("at", page.after().at())
                        .setParameter("id", page.after().id());
            }
            return query.getResultList()
                    .map(rows -> page.page(rows, RegistrationRepository::place, RegistrationRepository::own));
        });
    }

    private static Cursor place(Object[] row) {
        var registration = (Registration) row[0];
        return new Cursor(registration.createdAt, registration.id);
    }

    private static OwnRegistrationView own(Object[] row) {
        var registration = (Registration) row[0];
        var status = CompetitionStatus.at((Instant) row[7], (Instant) row[4], (Instant) row[5], (Integer) row[6]);
        return new OwnRegistrationView(
                RegistrationView.of(registration, (Long) row[1]),
                new CompetitionSummary(registration.competitionId, (String) row[2], (Instant) row[3], status));
    }
}
