package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.outbox.Outbox.Waiting;
import dev.minicompete.jobs.queue.JobQueue;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Pushes lost jobs to the queue again: the push after the commit failed, Redis lost its data, or a worker died during its
 * lease. Jobs leave the queue in the order in which they became due. So a due job that is not claimed is lost if it is older
 * than the head of the queue; otherwise it is still waiting.
 */
@ApplicationScoped
class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    private static final int CHUNK = 1_000;

    /** Number of entries at the head to compare with; a single one might be invalid. */
    private static final int HEADS = 20;

    private final Outbox outbox;
    private final JobQueue queue;
    private final Duration grace;

    OutboxRelay(Outbox outbox, JobQueue queue, JobsConfig config) {
        this.outbox = outbox;
        this.queue = queue;
        this.grace = config.relayGrace();
    }

    /** Pushes all lost jobs; returns their number. */
    Uni<Integer> relay() {
        return queue.heads(HEADS)
                .map(JobQueue::ids)
                .flatMap(heads -> relay(heads, null, 0))
                .invoke(relayed -> {
                    if (relayed > 0) {
                        LOG.warnf("Pushed %d lost jobs to the queue again", relayed);
                    }
                });
    }

    private Uni<Integer> relay(Collection<UUID> heads, @Nullable Waiting before, int relayed) {
        return outbox.findLost(heads, grace, before, CHUNK).flatMap(lost -> {
            if (lost.isEmpty()) {
                return Uni.createFrom().item(relayed);
            }
            var ids = lost.stream().map(Waiting::id).toList();
            return outbox.markPossiblyAttempted(ids)
                    .chain(() -> queue.pushInFront(ids))
                    .chain(() -> relay(heads, lost.get(lost.size() - 1), relayed + lost.size()));
        });
    }
}
