package dev.minicompete.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.idempotency.Idempotency;
import dev.minicompete.idempotency.IdempotencyKey;
import dev.minicompete.idempotency.IdempotentResponse;
import dev.minicompete.jobs.JobTraces;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.telemetry.Tracing;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Registering, and finding registrations. */
@ApplicationScoped
public class RegistrationService {

    private final RegistrationBatcher registrar;
    private final RegistrationRepository registrations;
    private final CancellationRepository cancellations;
    private final Waitlist waitlist;
    private final JobQueue queue;
    private final Idempotency idempotency;
    private final ObjectMapper mapper;
    private final RegistrationMetrics metrics;
    private final Tracing tracing;
    private final JobTraces traces;

    RegistrationService(
            RegistrationBatcher registrar,
            RegistrationRepository registrations,
            CancellationRepository cancellations,
            Waitlist waitlist,
            JobQueue queue,
            Idempotency idempotency,
            ObjectMapper mapper,
            RegistrationMetrics metrics,
            Tracing tracing,
            JobTraces traces) {
        this.registrar = registrar;
        this.registrations = registrations;
        this.cancellations = cancellations;
        this.waitlist = waitlist;
        this.queue = queue;
        this.idempotency = idempotency;
        this.mapper = mapper;
        this.metrics = metrics;
        this.tracing = tracing;
        this.traces = traces;
    }

    /** Registers once, however often it is asked with this key; see {@link Idempotency}. */
    public Uni<IdempotentResponse> register(UUID participantId, UUID competitionId, IdempotencyKey key, String note) {
        var fingerprint = note == null ? "-" : "+" + UUID.nameUUIDFromBytes(note.getBytes(StandardCharsets.UTF_8));
        return idempotency.execute(
                competitionId + ":" + participantId,
                key,
                fingerprint,
                () -> {
                    var command = new RegisterCommand(
                            UuidCreator.getTimeOrderedEpoch(),
                            competitionId,
                            participantId,
                            key.text(),
                            note,
                            tracing.current());
                    return registrar.register(command).invoke(metrics::count).map(verdict -> answer(command, verdict));
                },
                () -> registrar
                        .findPrevious(participantId, competitionId, key.text())
                        .map(verdict -> verdict == null ? null : replay(verdict, participantId, competitionId, note)));
    }

    private IdempotentResponse answer(RegisterCommand command, RegistrationOutcome verdict) {
        return switch (verdict.decision()) {
            case ACCOUNT_GONE -> throw ProblemException.invalidToken();
            case REPLAYED -> replay(verdict, command.participantId(), command.competitionId(), command.note());
            case NOT_FOUND -> throw ProblemException.notFound();
            case CANCELLED ->
                throw ProblemException.of(
                        ProblemType.COMPETITION_CANCELLED, "The organizer has cancelled this competition.");
            case CLOSED ->
                throw ProblemException.of(
                        ProblemType.REGISTRATION_CLOSED, "The registration deadline of this competition has passed.");
            case ALREADY_REGISTERED -> throw ProblemException.alreadyRegistered(verdict.registrationId());
            case FULL ->
                throw ProblemException.of(
                        ProblemType.COMPETITION_FULL,
                        "All " + verdict.capacity() + " seats of this competition are taken.");
            case CONFIRMED, WAITLISTED -> created(verdict, command.participantId(), command.competitionId(), false);
        };
    }

    private IdempotentResponse replay(
            RegistrationOutcome verdict, UUID participantId, UUID competitionId, String note) {
        if (!Objects.equals(verdict.note(), note)) {
            throw Idempotency.reused();
        }
        return created(verdict, participantId, competitionId, true);
    }

    /** Made of what never changes, so that a replay from the database has the first answer's bytes. */
    private IdempotentResponse created(
            RegistrationOutcome verdict, UUID participantId, UUID competitionId, boolean replayed) {
        var view = new RegistrationView(
                verdict.registrationId(),
                competitionId,
                participantId,
                verdict.status(),
                verdict.position(),
                verdict.note(),
                verdict.createdAt(),
                null);
        try {
            return new IdempotentResponse(
                    201, "/api/registrations/" + view.id(), mapper.writeValueAsString(view), replayed);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A participant's registrations, newest first. */
    public Uni<Page<OwnRegistrationView>> findOwn(UUID participantId, PageRequest page) {
        return registrations.findOwn(participantId, page);
    }

    /** A registration, for its participant or the competition's organizer; nobody else learns that it exists. */
    public Uni<RegistrationView> find(UUID id, UUID caller) {
        return registrations.find(id, caller).onItem().ifNull().failWith(ProblemException::notFound);
    }

    /** Takes a registration back and gives its seat to the first who waits. Taking it back again changes nothing. */
    public Uni<Void> cancel(UUID id, UUID participantId) {
        var jobs = new ArrayList<UUID>();
        return Database.withTransaction(() -> Panache.getSession()
                        .flatMap(session -> cancellations
                                .lockCompetition(session, id, participantId)
                                .onItem()
                                .ifNull()
                                .failWith(ProblemException::notFound)
                                .flatMap(competition -> cancellations
                                        .cancel(session, id)
                                        .invoke(outcome -> jobs.addAll(checked(outcome)))
                                        .chain(() -> waitlist.promote(session, competition))
                                        .invoke(jobs::addAll)
                                        .chain(() -> traces.noteCurrent(session, jobs)))))
                .call(() -> queue.push(jobs))
                .replaceWithVoid();
    }

    private static List<UUID> checked(CancellationRepository.Outcome outcome) {
        if (outcome.tooLate()) {
            throw ProblemException.of(
                    ProblemType.REGISTRATION_NOT_CANCELLABLE, "The competition has started; it is too late to cancel.");
        }
        return outcome.jobId() == null ? List.of() : List.of(outcome.jobId());
    }
}
