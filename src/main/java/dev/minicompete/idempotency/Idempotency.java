package dev.minicompete.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.idempotency.IdempotencyStore.Outcome;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Makes a request that is tried several times take effect once and get one answer, as Stripe's idempotency keys and
 * draft-ietf-httpapi-idempotency-key-header promise. Redis turns twins away early and answers retries without the
 * database; what keeps the promise when Redis forgets is the work itself, which must recognise its key.
 */
@ApplicationScoped
public class Idempotency {

    /** Answers that a retry gets again; every other one may be another the next time. */
    private static final Set<Integer> KEPT = Set.of(201, 409);

    private static final Logger LOG = Logger.getLogger(Idempotency.class);

    private final IdempotencyStore store;
    private final ObjectMapper mapper;
    private final IdempotencyMetrics metrics;

    Idempotency(IdempotencyStore store, ObjectMapper mapper, IdempotencyMetrics metrics) {
        this.store = store;
        this.mapper = mapper;
        this.metrics = metrics;
    }

    /**
     * Runs the work, unless this key was answered before.
     *
     * @param scope within which the key means something
     * @param fingerprint of the request: with another one the key is refused as reused
     * @param work does what is asked and answers, or fails with a problem; asked again with its key, it answers as before
     * @param findPrevious the 201 that the work once gave for this key, or null; does nothing. Itself null where the work
     *     remembers nothing: Redis must then know an answer before the client does
     */
    public Uni<IdempotentResponse> execute(
            String scope,
            IdempotencyKey key,
            String fingerprint,
            Supplier<Uni<IdempotentResponse>> work,
            Supplier<Uni<IdempotentResponse>> findPrevious) {
        return store.claim("idempotency:{" + scope + "}:" + key.text()).flatMap(outcome -> {
            metrics.count(outcome, fingerprint);
            if (outcome instanceof Outcome.Claimed claim) {
                return run(work)
                        .call(answer -> {
                            var stored = store.complete(claim, fingerprint, answer);
                            return findPrevious != null && answer.status() == 201 ? fireAndForget(stored) : stored;
                        })
                        .onFailure()
                        .call(failure -> store.release(claim));
            }
            if (outcome instanceof Outcome.Answered before) {
                return Uni.createFrom().item(replay(before, fingerprint));
            }
            if (outcome instanceof Outcome.InProgress) {
                // The claim may be all that is left of a process that died after its commit.
                return (findPrevious == null ? Uni.createFrom().<IdempotentResponse>nullItem() : findPrevious.get())
                        .onItem()
                        .ifNull()
                        .failWith(Idempotency::inProgress);
            }
            return run(work);
        });
    }

    /** Nobody waits for it: while it is on its way, a retry finds the claim and the work remembers. */
    private static Uni<Void> fireAndForget(Uni<Void> step) {
        step.subscribe().with(done -> {}, failure -> LOG.error("A store failed that never does", failure));
        return Uni.createFrom().voidItem();
    }

    /** Conflicts become answers, so that a retry gets the same bytes. */
    private Uni<IdempotentResponse> run(Supplier<Uni<IdempotentResponse>> work) {
        return Uni.createFrom()
                .deferred(work::get)
                .onFailure(Idempotency::isKept)
                .recoverWithItem(failure -> answer((ProblemException) failure));
    }

    private static boolean isKept(Throwable failure) {
        return failure instanceof ProblemException problem
                && KEPT.contains(problem.type().status());
    }

    private IdempotentResponse answer(ProblemException failure) {
        try {
            return new IdempotentResponse(
                    failure.type().status(), null, mapper.writeValueAsString(failure.problem()), false);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static IdempotentResponse replay(Outcome.Answered before, String fingerprint) {
        if (!before.fingerprint().equals(fingerprint)) {
            throw reused();
        }
        return before.answer().again();
    }

    /** The problem of a key that comes with another request than before. */
    public static ProblemException reused() {
        return ProblemException.of(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "This key was used with another body; make a new key.");
    }

    private static ProblemException inProgress() {
        return ProblemException.retryAfter(
                ProblemType.REQUEST_IN_PROGRESS,
                "A request with this key is being worked on; ask again for its answer.",
                Duration.ofSeconds(1));
    }
}
