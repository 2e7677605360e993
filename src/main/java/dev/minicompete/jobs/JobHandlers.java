package dev.minicompete.jobs;

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

    JobHandlers(Instance<JobHandler> handlers) {
        byKind = handlers.stream().collect(Collectors.toUnmodifiableMap(JobHandler::kind, Function.identity()));
    }

    Optional<JobHandler> of(String kind) {
        return Optional.ofNullable(byKind.get(kind));
    }
}
