package dev.minicompete.platform.http.problem;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a request, so that the client is told everything at once. */
public final class Checks {

    private final List<Violation> violations = new ArrayList<>();

    /** Notes a violation. */
    public void reject(String pointer, String detail) {
        violations.add(new Violation(pointer, detail));
    }

    /** Notes a violation where the condition does not hold. */
    public void require(boolean condition, String pointer, String detail) {
        if (!condition) {
            reject(pointer, detail);
        }
    }

    /** Notes a violation where the value is absent; says whether it is present. */
    public boolean present(Object value, String pointer) {
        require(value != null, pointer, "is required");
        return value != null;
    }

    /** Ends the request where anything was rejected. */
    public void throwIfInvalid() {
        if (!violations.isEmpty()) {
            throw ProblemException.invalid(violations);
        }
    }
}
