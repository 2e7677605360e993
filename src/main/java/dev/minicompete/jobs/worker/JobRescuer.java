package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.outbox.Outbox;
import dev.minicompete.jobs.queue.JobQueue;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Returns the entries of dead workers to the queue. */
@ApplicationScoped
class JobRescuer {

    private static final Logger LOG = Logger.getLogger(JobRescuer.class);

    private final JobQueue queue;
    private final Outbox outbox;

    JobRescuer(JobQueue queue, Outbox outbox) {
        this.queue = queue;
        this.outbox = outbox;
    }

    /** Empties the list of each worker whose heartbeat has expired. */
    Uni<Void> rescue() {
        return queue.deadWorkers()
                .onItem()
                .transformToMulti(workers -> Multi.createFrom().iterable(workers))
                .onItem()
                .transformToUniAndConcatenate(this::rescue)
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> rescue(String worker) {
        return queue.held(worker)
                .flatMap(entries -> outbox.markPossiblyAttempted(JobQueue.ids(entries)))
                .chain(() -> queue.handBack(worker))
                .invoke(entries -> LOG.warnf("Worker %s is dead; returned %d entries to the queue", worker, entries))
                .chain(entries -> entries == JobQueue.RETURNED ? rescue(worker) : queue.removeWorker(worker));
    }
}
