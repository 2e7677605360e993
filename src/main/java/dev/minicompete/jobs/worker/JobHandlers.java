package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobHandler;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The handlers by kind. Two handlers of one kind stop the application from starting. */
@Singleton
class JobHandlers {

    private final Map<String, JobHandler> byKind;
    private final String[] batchKinds;

    JobHandlers(Instance<JobHandler> handlers) {
        byKind = handlers.stream().collect(Collectors.toUnmodifiableMap(JobHandler::kind, Function.identity()));
        batchKinds = handlers.stream()
                .filter(handler -> !handler.requiresOwnTransaction())
                .map(JobHandler::kind)
                .toArray(String[]::new);
    }

    Optional<JobHandler> of(String kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** The kinds of which many jobs share a transaction. */
    String[] batchKinds() {
        return batchKinds.clone();
    }
}
