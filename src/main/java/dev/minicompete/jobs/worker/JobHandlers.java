package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobHandler;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The job handlers by kind. Two handlers of one kind stop the application from starting. */
@Singleton
class JobHandlers {

    private final Map<String, JobHandler> byKind = new HashMap<>();
    private final String[] batchKinds;
    private final String[] slowKinds;

    JobHandlers(Instance<JobHandler> handlers) {
        for (var handler : handlers) {
            for (var kind : handler.kinds()) {
                if (byKind.put(kind, handler) != null) {
                    throw new IllegalStateException("Two handlers of the kind " + kind);
                }
            }
        }
        batchKinds = kinds(false);
        slowKinds = kinds(true);
    }

    /** Returns the handler of this kind, if there is one. */
    Optional<JobHandler> of(String kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** Whether each job of this kind needs a transaction of its own. */
    boolean requiresOwnTransaction(String kind) {
        return of(kind).filter(JobHandler::requiresOwnTransaction).isPresent();
    }

    /** The longest time that a handler may take outside of its transaction. */
    Duration longestPerformLimit() {
        return byKind.values().stream()
                .map(JobHandler::performLimit)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private String[] kinds(boolean slow) {
        return byKind.entrySet().stream()
                .filter(entry -> entry.getValue().requiresOwnTransaction() == slow)
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
    }

    /** Returns the kinds of which many jobs share a transaction. */
    String[] batchKinds() {
        return batchKinds.clone();
    }

    /** Returns the kinds of which each job has a transaction of its own, and which have a queue of their own. */
    String[] slowKinds() {
        return slowKinds.clone();
    }
}
