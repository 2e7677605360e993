package dev.minicompete.platform.http.problem;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CancellationException;
import org.jboss.logging.Logger;

/**
 * Logs failures that come after their request has ended, for instance because the client disconnected. Problems and outages are expected
 * and logged at DEBUG, others at WARN. Mutiny by itself would log each as an ERROR with its stack trace.
 */
@Singleton
class DroppedFailures {

    private static final Logger LOG = Logger.getLogger(DroppedFailures.class);

    void handle(@Observes StartupEvent start) {
        Infrastructure.setDroppedExceptionHandler(failure -> LOG.logf(
                isExpected(failure) ? Logger.Level.DEBUG : Logger.Level.WARN,
                "A failure came after its request was over: %s",
                failure));
    }

    static boolean isExpected(Throwable failure) {
        return failure instanceof ProblemException
                || failure instanceof CancellationException
                || Failures.isAway(failure);
    }
}
