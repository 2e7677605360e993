package dev.minicompete.competition;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.http.Page;
import dev.minicompete.problem.ProblemException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** Publishing and finding competitions. */
@ApplicationScoped
class CompetitionService {

    private final CompetitionRepository competitions;

    CompetitionService(CompetitionRepository competitions) {
        this.competitions = competitions;
    }

    /** Publishes a competition; fails with {@code invalid-token} when the organizer's account is gone. */
    Uni<CompetitionView> create(UUID organizerId, CompetitionRequest request) {
        return Panache.withTransaction(() -> competitions
                .findOwner(organizerId)
                .onItem()
                .ifNull()
                .failWith(ProblemException::invalidToken)
                .flatMap(owner -> competitions
                        .persistAndFlush(newCompetition(organizerId, request.checked(owner.now()), owner.now()))
                        .map(competition ->
                                CompetitionView.of(competition, owner.user().name(), owner.now()))));
    }

    Uni<CompetitionView> find(UUID id) {
        return Panache.withSession(() -> competitions.find(id))
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound)
                .map(CompetitionRepository.Found::view);
    }

    Uni<Page<CompetitionView>> find(CompetitionQuery query) {
        return Panache.withSession(() -> competitions.find(query)).map(query::pageOf);
    }

    private static Competition newCompetition(UUID organizerId, CompetitionRequest request, Instant now) {
        var competition = new Competition();
        competition.id = UuidCreator.getTimeOrderedEpoch();
        competition.organizerId = organizerId;
        competition.title = request.title();
        competition.description = request.description();
        competition.location = request.location();
        competition.tags = request.tags().toArray(String[]::new);
        competition.capacity = request.capacity();
        competition.waitlist = request.waitlist();
        competition.regDeadline = request.regDeadline();
        competition.startsAt = request.startsAt();
        competition.endsAt = request.endsAt();
        competition.version = 1;
        competition.createdAt = now;
        competition.updatedAt = now;
        return competition;
    }
}
