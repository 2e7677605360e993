package dev.minicompete.idempotency;

import dev.minicompete.idempotency.IdempotencyStore.KeyState;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request that is sent several times with one key take effect once and get one response (Stripe's idempotency keys;
 * draft-ietf-httpapi-idempotency-key-header-07). Redis rejects concurrent requests and answers retries without PostgreSQL.
 * If Redis has lost a key, the work itself must recognise it.
 */
@Startup
@ApplicationScoped
public class Idempotency {

    private static final Logger LOG = Logger.getLogger(Idempotency.class);

    private final IdempotencyStore store;
    private final Counter claimed;
    private final Counter replayed;
    private final Counter reused;
    private final Counter inProgress;
    private final Counter unknown;

    Idempotency(IdempotencyStore store, MeterRegistry registry) {
        this.store = store;
        claimed = counter(registry, "claimed");
        replayed = counter(registry, "replayed");
        reused = counter(registry, "reused");
        inProgress = counter(registry, "in_progress");
        unknown = counter(registry, "unknown");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("idempotency.keys")
                .description("Requests with an idempotency key, by the state of the key in Redis")
                .tag("outcome", outcome)
                .register(registry);
    }

    /**
     * Runs the work, unless it has responded to this key before. Its responses are stored and replayed; its failures are not.
     *
     * @param scope within which keys are unique
     * @param fingerprint identifies the content of the request; fails with {@code idempotency-key-reused} if an earlier
     *     request with the same key had another one
     * @param work does what the request asks for; when run again with the same key, it responds as before
     * @param findPrevious finds the 201 that the work responded to this key, if there is one. The parameter is null if the work
     *     does not remember its keys; then its responses are stored before the client gets them
     * @return fails with {@code request-in-progress} while another request with the same key is running
     */
    public Uni<IdempotentResponse> execute(
            String scope,
            IdempotencyKey key,
            String fingerprint,
            Supplier<Uni<IdempotentResponse>> work,
            @Nullable Supplier<Uni<@Nullable IdempotentResponse>> findPrevious) {
        return store.claim("idempotency:{" + scope + "}:" + key.text()).flatMap(state -> {
            if (state instanceof KeyState.Claimed claim) {
                claimed.increment();
                return Uni.createFrom()
                        .deferred(work::get)
                        .call(response -> {
                            var stored = store.complete(claim, fingerprint, response);
                            return findPrevious != null && response.status() == 201 ? fireAndForget(stored) : stored;
                        })
                        .onFailure()
                        .call(failure -> store.release(claim));
            }
            if (state instanceof KeyState.Completed completed) {
                return Uni.createFrom().item(replay(completed, fingerprint));
            }
            if (state instanceof KeyState.InProgress) {
                inProgress.increment();
                // The process that claimed the key may have died after its commit.
                return (findPrevious == null ? Uni.createFrom().<IdempotentResponse>nullItem() : findPrevious.get())
                        .onItem()
                        .ifNull()
                        .failWith(Idempotency::inProgress);
            }
            unknown.increment();
            return work.get();
        });
    }

    /** The response does not wait for the step: until it is done, a retry finds the claim, and the work remembers the key. */
    private static Uni<Void> fireAndForget(Uni<Void> step) {
        step.subscribe().with(done -> {}, failure -> LOG.error("A response was not stored", failure));
        return Uni.createFrom().voidItem();
    }

    private IdempotentResponse replay(KeyState.Completed completed, String fingerprint) {
        if (!completed.fingerprint().equals(fingerprint)) {
            reused.increment();
            throw reused();
        }
        replayed.increment();
        return completed.response();
    }

    /** The problem for a key that an earlier request used with another content. */
    public static ProblemException reused() {
        return ProblemException.of(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "This key was used with another body; make a new key.");
    }

    private static ProblemException inProgress() {
        return ProblemException.retryAfter(
                ProblemType.REQUEST_IN_PROGRESS,
                "A request with this key is in progress; repeat it to get its answer.",
                Duration.ofSeconds(1));
    }
}
