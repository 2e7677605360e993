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
import org.jspecify.annotations.Nullable;

/** Removes entries from the list of a worker that are invalid, repeated, or name a job that cannot be claimed now. */
@ApplicationScoped
class QueueEntryFilter {

    private static final Logger LOG = Logger.getLogger(QueueEntryFilter.class);

    /** Number of characters of an invalid entry that are kept for the operator. */
    private static final int EXCERPT = 200;

    private final JobQueue queue;
    private final Outbox outbox;
    private final JobMetrics metrics;

    QueueEntryFilter(JobQueue queue, Outbox outbox, JobMetrics metrics) {
        this.queue = queue;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /** Removes invalid and repeated entries and returns the ids of the others. */
    Uni<Set<UUID>> removeInvalid(String worker, List<String> entries) {
        var ids = new LinkedHashSet<UUID>();
        var invalid = new ArrayList<String>();
        var removed = new ArrayList<String>();
        for (var entry : entries) {
            var id = parse(entry);
            if (id == null) {
                invalid.add(entry);
                removed.add(entry);
            } else if (!ids.add(id)) {
                removed.add(entry);
            }
        }
        return Multi.createFrom()
                .iterable(invalid)
                .onItem()
                .transformToUniAndConcatenate(this::moveToFailed)
                .collect()
                .last()
                .chain(() -> queue.acknowledge(worker, removed))
                .replaceWith(ids);
    }

    /** Moves the jobs that are not due yet to the delayed ones, and drops those that are done or claimed by others. */
    Uni<Void> dropUnclaimed(String worker, Set<UUID> unclaimed) {
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
            LOG.infof("Dropped %d queue entries: their jobs are done or claimed by another worker", ids.size());
        }
        return queue.acknowledge(worker, ids.stream().map(UUID::toString).toList());
    }

    private Uni<Void> moveToFailed(String entry) {
        LOG.errorf("A queue entry of %d bytes is not the id of a job", entry.length());
        metrics.discarded("unreadable", 1);
        var text = JobQueue.text(entry);
        var excerpt = text.length() > EXCERPT ? text.substring(0, EXCERPT) + "…" : text;
        return outbox.insertUnreadable(entry, "Not the id of a job: " + excerpt.replaceAll("\\p{Cntrl}", "�"));
    }

    /** Accepts the canonical form only, since entries are acknowledged by the text of their id. */
    private static @Nullable UUID parse(String entry) {
        try {
            var id = UUID.fromString(entry);
            return id.toString().equals(entry) ? id : null;
        } catch (IllegalArgumentException invalid) {
            return null;
        }
    }
}
