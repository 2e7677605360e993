package dev.minicompete.registration;

import static java.util.Objects.requireNonNull;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL decided about a {@link RegisterCommand}. */
public sealed interface RegistrationOutcome {

    /** The decisions, in the order in which they are checked. The SQL and the metrics use their names. */
    enum Decision {
        ACCOUNT_GONE,
        REPLAYED,
        NOT_FOUND,
        CANCELLED,
        CLOSED,
        ALREADY_REGISTERED,
        CONFIRMED,
        WAITLISTED,
        FULL
    }

    /** The kind of this outcome. */
    Decision decision();

    /**
     * The participant has a seat or a place on the waitlist.
     *
     * @param decision {@code CONFIRMED}, {@code WAITLISTED}, or {@code REPLAYED} if an earlier command with the same key was
     *     registered
     * @param registration as it was made, whatever has happened to it since
     */
    record Registered(Decision decision, RegistrationView registration) implements RegistrationOutcome {

        /** Whether an earlier command with the same key was registered. */
        public boolean isReplayed() {
            return decision == Decision.REPLAYED;
        }
    }

    /**
     * The command was rejected and changed nothing.
     *
     * @param decision any other than those of {@link Registered}
     * @param activeRegistrationId the participant's registration, for {@code ALREADY_REGISTERED} and only then
     * @param capacity the number of seats of the competition; null if there is no competition
     */
    record Rejected(
            Decision decision,
            @Nullable UUID activeRegistrationId,
            @Nullable Integer capacity) implements RegistrationOutcome {

        /** The problem that describes the reason. */
        public ProblemException problem() {
            return switch (decision) {
                case ACCOUNT_GONE -> ProblemException.invalidToken();
                case NOT_FOUND -> ProblemException.notFound();
                case CANCELLED ->
                    ProblemException.of(
                            ProblemType.COMPETITION_CANCELLED, "The organizer has cancelled this competition.");
                case CLOSED ->
                    ProblemException.of(
                            ProblemType.REGISTRATION_CLOSED,
                            "The registration deadline of this competition has passed.");
                case ALREADY_REGISTERED -> ProblemException.alreadyRegistered(requireNonNull(activeRegistrationId));
                case FULL ->
                    ProblemException.of(
                            ProblemType.COMPETITION_FULL, "All " + capacity + " seats of this competition are taken.");
                case REPLAYED, CONFIRMED, WAITLISTED -> throw new IllegalStateException("Not a rejection: " + decision);
            };
        }
    }
}
