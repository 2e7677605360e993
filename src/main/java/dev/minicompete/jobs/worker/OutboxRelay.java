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

/**
 * Puts jobs back into the queue that nobody holds any more: the push after the commit was lost, Redis was, or a worker died
 * within its lease. It compares with the head of the queue: jobs leave it in the order in which they became due, so that
 * whatever is younger than the head is merely waiting, and whatever is older and unclaimed is not there.
 */
@ApplicationScoped
class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    private static final int CHUNK = 1_000;

    /** Entries at the head to look at: one alone might name no job at all. */
    private static final int HEADS = 20;

    private final Outbox outbox;
    private final JobQueue queue;
    private final Duration grace;

    OutboxRelay(Outbox outbox, JobQueue queue, JobsConfig config) {
        this.outbox = outbox;
        this.queue = queue;
        this.grace = config.relayGrace();
    }

    /** Relays everything lost; returns how many jobs that were. */
    Uni<Integer> relay() {
        return queue.heads(HEADS)
                .map(JobQueue::ids)
                .flatMap(heads -> relay(heads, null, 0))
                .invoke(relayed -> {
                    if (relayed > 0) {
                        LOG.warnf("Put %d jobs back into the queue that nobody held", relayed);
                    }
                });
    }

    private Uni<Integer> relay(Collection<UUID> heads, Waiting before, int relayed) {
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
