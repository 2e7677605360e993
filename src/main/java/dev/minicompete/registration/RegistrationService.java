package dev.minicompete.registration;

import dev.minicompete.idempotency.Idempotency;
import dev.minicompete.jobs.OutboxTraceParents;
import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.http.paging.Page;
import dev.minicompete.platform.http.paging.PageRequest;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import dev.minicompete.platform.postgres.Database;
import dev.minicompete.platform.telemetry.TraceParents;
import dev.minicompete.registration.RegistrationOutcome.Decision;
import dev.minicompete.registration.RegistrationOutcome.Registered;
import dev.minicompete.registration.RegistrationOutcome.Rejected;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes, finds and cancels registrations. */
@ApplicationScoped
public class RegistrationService {

    private final RegistrationBatcher batcher;
    private final RegistrationRepository registrations;
    private final CancellationRepository cancellations;
    private final Waitlist waitlist;
    private final JobQueue queue;
    private final RegistrationMetrics metrics;
    private final TraceParents tracing;
    private final OutboxTraceParents traces;

    RegistrationService(
            RegistrationBatcher batcher,
            RegistrationRepository registrations,
            CancellationRepository cancellations,
            Waitlist waitlist,
            JobQueue queue,
            RegistrationMetrics metrics,
            TraceParents tracing,
            OutboxTraceParents traces) {
        this.batcher = batcher;
        this.registrations = registrations;
        this.cancellations = cancellations;
        this.waitlist = waitlist;
        this.queue = queue;
        this.metrics = metrics;
        this.tracing = tracing;
        this.traces = traces;
    }

    /**
     * Registers a participant. A command whose key was registered before changes nothing and is {@code REPLAYED}.
     *
     * @return a registration or a conflict; fails with {@code not-found}, {@code invalid-token} if the account is deleted, or
     *     {@code idempotency-key-reused} if the key was registered with another note
     */
    public Uni<RegistrationOutcome> register(RegisterCommand command) {
        return batcher.register(command, tracing.current())
                .invoke(metrics::count)
                .invoke(outcome -> {
                    if (outcome instanceof Rejected rejected
                            && (rejected.decision() == Decision.NOT_FOUND
                                    || rejected.decision() == Decision.ACCOUNT_GONE)) {
                        throw rejected.problem();
                    }
                    checkNote(command, outcome);
                });
    }

    /**
     * Finds the registration that an earlier command with the same key made; null if there is none. Fails with
     * {@code idempotency-key-reused} if it has another note.
     */
    public Uni<@Nullable RegistrationOutcome> findPrevious(RegisterCommand command) {
        return batcher.findPrevious(command).invoke(outcome -> checkNote(command, outcome));
    }

    private static void checkNote(RegisterCommand command, @Nullable RegistrationOutcome outcome) {
        if (outcome instanceof Registered registered
                && !Objects.equals(registered.registration().note(), command.note())) {
            throw Idempotency.reused();
        }
    }

    /** Finds a page of a participant's registrations, newest first. */
    public Uni<Page<OwnRegistrationView>> findOwn(UUID participantId, PageRequest page) {
        return registrations.findOwn(participantId, page);
    }

    /** Finds a registration for its participant or the competition's organizer; fails with {@code not-found} for others. */
    public Uni<RegistrationView> find(UUID id, UUID caller) {
        return registrations.find(id, caller).onItem().ifNull().failWith(ProblemException::notFound);
    }

    /**
     * Cancels a registration and gives its seat to the first on the waitlist. Does nothing if it is cancelled already. Fails
     * with {@code not-found}, or with {@code registration-not-cancellable} after the start of the competition.
     */
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
                                        .invoke(outcome -> jobs.addAll(mailJobs(outcome)))
                                        .chain(() -> waitlist.promote(session, competition))
                                        .invoke(jobs::addAll)
                                        .chain(() -> traces.noteCurrent(session, jobs)))))
                .call(() -> queue.push(jobs))
                .replaceWithVoid();
    }

    private static List<UUID> mailJobs(CancellationRepository.Outcome outcome) {
        if (outcome.tooLate()) {
            throw ProblemException.of(
                    ProblemType.REGISTRATION_NOT_CANCELLABLE, "The competition has started; it is too late to cancel.");
        }
        return outcome.jobId() == null ? List.of() : List.of(outcome.jobId());
    }
}
