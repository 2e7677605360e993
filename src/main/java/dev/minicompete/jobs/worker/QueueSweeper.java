package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Moves entries out of a worker's list that name no job to be worked on now, so that they stop nobody. */
@ApplicationScoped
class QueueSweeper {

    private static final Logger LOG = Logger.getLogger(QueueSweeper.class);

    /** What of an unreadable entry is kept for the operator. */
    private static final int EXCERPT = 200;

    private final JobQueue queue;
    private final Outbox outbox;
    private final JobMetrics metrics;

    QueueSweeper(JobQueue queue, Outbox outbox, JobMetrics metrics) {
        this.queue = queue;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /** Sorts out what cannot be read, or stands twice, and returns the ids of the rest. */
    Uni<Set<UUID>> keepReadable(String worker, List<String> entries) {
        var ids = new LinkedHashSet<UUID>();
        var unreadable = new ArrayList<String>();
        var swept = new ArrayList<String>();
        for (var entry : entries) {
            var id = parse(entry);
            if (id == null) {
                unreadable.add(entry);
                swept.add(entry);
            } else if (!ids.add(id)) {
                swept.add(entry);
            }
        }
        return Multi.createFrom()
                .iterable(unreadable)
                .onItem()
                .transformToUniAndConcatenate(this::moveToFailed)
                .collect()
                .last()
                .chain(() -> queue.acknowledge(worker, swept))
                .replaceWith(ids);
    }

    /** What could not be claimed is not due yet, in other hands, done by now, or was never a job. */
    Uni<Void> settle(String worker, Set<UUID> unclaimed) {
        if (unclaimed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var rest = new HashSet<>(unclaimed);
        return outbox.findDelayed(unclaimed)
                .onItem()
                .transformToMulti(delayed -> Multi.createFrom().iterable(delayed))
                .onItem()
                .transformToUniAndConcatenate(job -> {
                    rest.remove(job.id());
                    return queue.delay(worker, job.id().toString(), job.dueAt().toInstant());
                })
                .collect()
                .last()
                .chain(() -> acknowledge(worker, rest));
    }

    private Uni<Void> acknowledge(String worker, Set<UUID> ids) {
        if (!ids.isEmpty()) {
            metrics.discarded("unclaimable", ids.size());
            LOG.infof("Let go of %d queue entries that name no job to be had", ids.size());
        }
        return queue.acknowledge(worker, ids.stream().map(UUID::toString).toList());
    }

    private Uni<Void> moveToFailed(String entry) {
        LOG.errorf("The queue held an entry of %d characters that is no job's id", entry.length());
        metrics.discarded("unreadable", 1);
        var excerpt = entry.length() > EXCERPT ? entry.substring(0, EXCERPT) + "…" : entry;
        return outbox.buryUnreadable(entry, "Not the id of a job: " + excerpt.replaceAll("\\p{Cntrl}", "�"));
    }

    /** An entry in another than the canonical form could not be acknowledged by its id. */
    private static UUID parse(String entry) {
        try {
            var id = UUID.fromString(entry);
            return id.toString().equals(entry) ? id : null;
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }
}
