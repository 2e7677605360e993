package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobHandler;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The job handlers by kind. Two handlers of one kind stop the application from starting. */
@Singleton
class JobHandlers {

    private final Map<String, JobHandler> byKind = new HashMap<>();
    private final String[] batchKinds;

    JobHandlers(Instance<JobHandler> handlers) {
        for (var handler : handlers) {
            for (var kind : handler.kinds()) {
                if (byKind.put(kind, handler) != null) {
                    throw new IllegalStateException("Two handlers of the kind " + kind);
                }
            }
        }
        batchKinds = byKind.entrySet().stream()
                .filter(entry -> !entry.getValue().requiresOwnTransaction())
                .map(Map.Entry::getKey)
                .toArray(String[]::new);
    }

    /** Returns the handler of this kind, if there is one. */
    Optional<JobHandler> of(String kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** Returns the kinds of which many jobs share a transaction. */
    String[] batchKinds() {
        return batchKinds.clone();
    }
}
