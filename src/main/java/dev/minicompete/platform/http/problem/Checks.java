package dev.minicompete.platform.http.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the violations of a request, so that the client gets all of them in one response. */
public final class Checks {

    private final List<Violation> violations = new ArrayList<>();

    /** Adds a violation. */
    public void reject(String pointer, String detail) {
        violations.add(new Violation(pointer, detail));
    }

    /** Adds a violation when the condition does not hold. */
    public void require(boolean condition, String pointer, String detail) {
        if (!condition) {
            reject(pointer, detail);
        }
    }

    /** Adds a violation when the value is absent. */
    public void present(@Nullable Object value, String pointer) {
        require(value != null, pointer, "is required");
    }

    /**
     * Ends the request when there are violations.
     *
     * @throws ProblemException {@code validation}, with all violations
     */
    public void throwIfInvalid() {
        if (!violations.isEmpty()) {
            throw ProblemException.invalid(violations);
        }
    }
}
