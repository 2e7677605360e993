package dev.minicompete.competition;

import static java.util.Objects.requireNonNull;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.OutboxTraceParents;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.PublicUrl;
import dev.minicompete.platform.http.json.RequestBodyParser;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.postgres.RequestCoalescer;
import dev.minicompete.platform.security.Caller;
import dev.minicompete.platform.security.Role;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes, finds, edits and cancels competitions. */
@ApplicationScoped
public class CompetitionService {

    private final CompetitionRepository competitions;
    private final WaitlistPromoter waitlist;
    private final CancellationAnnouncement announcement;
    private final JobQueue queue;
    private final OutboxTraceParents traces;
    private final RequestBodyParser json;
    private final PublicUrl publicUrl;

    /** When registration opens, many clients ask for the same competition or list at once. */
    private final RequestCoalescer<UUID, CompetitionRepository.@Nullable Found> one;

    private final RequestCoalescer<CompetitionQuery, Page<CompetitionView>> pages;

    CompetitionService(
            CompetitionRepository competitions,
            WaitlistPromoter waitlist,
            CancellationAnnouncement announcement,
            JobQueue queue,
            OutboxTraceParents traces,
            RequestBodyParser json,
            PublicUrl publicUrl) {
        this.competitions = competitions;
        this.waitlist = waitlist;
        this.announcement = announcement;
        this.queue = queue;
        this.traces = traces;
        this.json = json;
        this.publicUrl = publicUrl;
        this.one = new RequestCoalescer<>(competitions::find);
        this.pages = new RequestCoalescer<>(query -> competitions.find(query).map(query::pageOf));
    }

    /** Publishes a competition; fails with {@code invalid-token} when the organizer's account is gone. */
    public Uni<CompetitionView> create(UUID organizerId, CompetitionRequest request) {
        return Database.withTransaction(() -> competitions
                .findOwner(organizerId)
                .onItem()
                .ifNull()
                .failWith(ProblemException::invalidToken)
                .flatMap(owner -> competitions
                        .persistAndFlush(
                                newCompetition(organizerId, request.checkedForCreation(owner.now()), owner.now()))
                        .map(competition -> CompetitionView.of(competition, owner.name(), owner.now()))));
    }

    /** The competition; fails with {@code not-found}. */
    public Uni<CompetitionView> find(UUID id) {
        return one.get(id)
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound)
                .map(CompetitionRepository.Found::view);
    }

    /** The competition, for its organizer only; fails with {@code not-found} or {@code forbidden}. */
    public Uni<CompetitionView> findOwn(Caller organizer, UUID id) {
        return find(id).invoke(
                        found -> checkOrganizer(organizer, found.organizer().id()));
    }

    /** A competition as a calendar file; fails with {@code not-found}. */
    Uni<String> calendar(UUID id) {
        return one.get(id)
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound)
                .map(found -> CalendarFile.of(found.competition(), publicUrl::of));
    }

    /** A page of the competitions that match the query. */
    public Uni<Page<CompetitionView>> find(CompetitionQuery query) {
        return pages.get(query);
    }

    /**
     * Edits a competition. Added seats go to the waitlist: the first in the same transaction, the rest by a job.
     *
     * @return fails with the problems of {@link CompetitionPatch#applyTo}, with {@code not-found} or {@code forbidden}, and with
     *     {@code competition-cancelled}, {@code capacity-below-registrations} or {@code waitlist-not-empty}
     */
    Uni<CompetitionView> edit(Caller caller, UUID id, CompetitionPatch patch) {
        return edit(caller, id, competition -> patch.applyTo(competition, json));
    }

    /** Replaces all that the organizer sets; fails with {@code stale-version} unless this is the present version. */
    public Uni<CompetitionView> edit(Caller caller, UUID id, int version, CompetitionRequest request) {
        return edit(caller, id, competition -> {
            CompetitionPatch.checkVersion(competition, Integer.toString(version)::equals);
            return request.checkedForEdit();
        });
    }

    private Uni<CompetitionView> edit(Caller caller, UUID id, Function<Competition, CompetitionRequest> change) {
        var jobs = new ArrayList<UUID>();
        return Database.withTransaction(() -> own(caller, id).flatMap(found -> {
                    var competition = found.competition();
                    var before = CompetitionRequest.of(competition);
                    var request = change.apply(competition);
                    checkConflicts(competition, request);
                    if (request.equals(before)) {
                        return Uni.createFrom().item(found.view());
                    }
                    apply(request, competition);
                    countEdit(competition, found.now());
                    // The promotion changes the counts by SQL, which the session does not notice: hence the clear.
                    return competitions
                            .flush()
                            .chain(Panache::getSession)
                            .flatMap(session -> waitlist.promote(session, id)
                                    .invoke(jobs::addAll)
                                    .call(() -> traces.noteCurrent(session, jobs))
                                    .invoke(session::clear))
                            .chain(() -> competitions.findEntity(id))
                            .map(CompetitionRepository.Found::view);
                }))
                .call(() -> queue.push(jobs));
    }

    /** Cancels a competition and notifies its participants by mail. Repeating it changes and sends nothing. */
    public Uni<CompetitionView> cancel(Caller caller, UUID id) {
        var jobs = new ArrayList<UUID>();
        return Database.withTransaction(() -> own(caller, id).flatMap(found -> {
                    var competition = found.competition();
                    if (competition.cancelledAt != null) {
                        return Uni.createFrom().item(found.view());
                    }
                    competition.cancelledAt = found.now();
                    countEdit(competition, found.now());
                    return competitions
                            .flush()
                            .chain(Panache::getSession)
                            .flatMap(session -> announcement
                                    .enqueue(session, id)
                                    .invoke(jobs::add)
                                    .call(() -> traces.noteCurrent(session, jobs)))
                            .map(done -> found.view());
                }))
                .call(() -> queue.push(jobs));
    }

    /** The competition, locked; fails with {@code not-found}, or {@code forbidden} when the caller is not its organizer. */
    private Uni<CompetitionRepository.Found> own(Caller caller, UUID id) {
        return competitions
                .findLocked(id)
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound)
                .invoke(found -> {
                    if (!caller.is(Role.ORGANIZER)) {
                        throw ProblemException.wrongRole();
                    }
                    checkOrganizer(caller, found.competition().organizerId);
                });
    }

    private static void checkOrganizer(Caller caller, UUID organizerId) {
        if (!caller.id().equals(organizerId)) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "Only the competition's organizer may do this.");
        }
    }

    /** Checks a request that was checked by itself against the registrations. */
    private static void checkConflicts(Competition competition, CompetitionRequest request) {
        if (competition.cancelledAt != null) {
            throw ProblemException.of(ProblemType.COMPETITION_CANCELLED, "A cancelled competition cannot be changed.");
        }
        if (requireNonNull(request.capacity()) < competition.registered) {
            throw ProblemException.of(
                    ProblemType.CAPACITY_BELOW_REGISTRATIONS,
                    "The capacity must be at least " + competition.registered
                            + ", the number of confirmed registrations.");
        }
        if (!requireNonNull(request.waitlist()) && competition.waitlisted > 0) {
            throw ProblemException.of(
                    ProblemType.WAITLIST_NOT_EMPTY,
                    "The waitlist cannot be closed while anybody is on it; now: " + competition.waitlisted + ".");
        }
    }

    private static void countEdit(Competition competition, Instant now) {
        competition.version++;
        competition.updatedAt = now;
    }

    private static Competition newCompetition(UUID organizerId, CompetitionRequest request, Instant now) {
        var competition = new Competition();
        competition.id = UuidCreator.getTimeOrderedEpoch();
        competition.organizerId = organizerId;
        apply(request, competition);
        competition.version = 1;
        competition.createdAt = now;
        competition.updatedAt = now;
        return competition;
    }

    /** Applies a request that was checked: what a competition must have is there. */
    private static void apply(CompetitionRequest request, Competition competition) {
        competition.title = requireNonNull(request.title());
        competition.description = requireNonNull(request.description());
        competition.location = request.location();
        competition.tags = requireNonNull(request.tags()).toArray(String[]::new);
        competition.capacity = requireNonNull(request.capacity());
        competition.waitlist = requireNonNull(request.waitlist());
        competition.regDeadline = requireNonNull(request.regDeadline());
        competition.startsAt = requireNonNull(request.startsAt());
        competition.endsAt = request.endsAt();
    }
}
