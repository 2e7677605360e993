package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobsConfig;
import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.outbox.Outbox.Waiting;
import dev.minicompete.jobs.queue.JobQueue;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Pushes lost jobs to the queue again: the push after the commit failed, Redis lost its data, or a worker died during its
 * lease. Jobs leave the ready and the slow queue each in the order in which they became due. So a due job that is not claimed
 * is lost if it is older than the head of its queue; otherwise it is still waiting.
 */
@ApplicationScoped
class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    private static final int CHUNK = 1_000;

    /** Maximum number of jobs that are pushed at a time; the next call finds the others. */
    private static final int LIMIT = 100_000;

    /** Number of entries at the head to compare with; a single one might be invalid. */
    private static final int HEADS = 20;

    private final Outbox outbox;
    private final JobQueue queue;
    private final JobHandlers handlers;
    private final Duration grace;

    OutboxRelay(Outbox outbox, JobQueue queue, JobHandlers handlers, JobsConfig config) {
        this.outbox = outbox;
        this.queue = queue;
        this.handlers = handlers;
        this.grace = config.relayGrace();
    }

    /** Pushes lost jobs, for as long as this process is the leader; returns their number. */
    Uni<Integer> relay() {
        return queue.heads(HEADS)
                .flatMap(heads -> relay(false, JobQueue.ids(heads), null, 0))
                .chain(ready -> queue.slowHeads(HEADS).flatMap(heads -> relay(true, JobQueue.ids(heads), null, ready)))
                .invoke(relayed -> {
                    if (relayed > 0) {
                        LOG.warnf("Pushed %d lost jobs to the queue again", relayed);
                    }
                });
    }

    private Uni<Integer> relay(boolean slow, List<UUID> heads, @Nullable Waiting before, int relayed) {
        return queue.lead()
                .flatMap(leads -> leads && relayed < LIMIT
                        ? outbox.findLost(heads, grace, before, CHUNK, handlers.slowKinds(), slow)
                        : Uni.createFrom().item(List.<Waiting>of()))
                .flatMap(lost -> lost.isEmpty()
                        ? Uni.createFrom().item(relayed)
                        : (slow ? addSlow(lost) : pushInFront(lost))
                                .chain(() -> relay(slow, heads, lost.get(lost.size() - 1), relayed + lost.size())));
    }

    private Uni<Void> pushInFront(List<Waiting> lost) {
        var ids = lost.stream().map(Waiting::id).toList();
        return outbox.markPossiblyAttempted(ids).chain(() -> queue.pushInFront(ids));
    }

    private Uni<Void> addSlow(List<Waiting> lost) {
        return queue.addSlow(lost.stream()
                .collect(Collectors.toMap(Waiting::id, job -> job.dueAt().toInstant())));
    }
}
