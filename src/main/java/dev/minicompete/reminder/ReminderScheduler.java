package dev.minicompete.reminder;

import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.reminder.ReminderRepository.Place;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues a reminder for each confirmed registration of a competition that starts soon. It processes the registrations in
 * chunks, so that memory and transactions do not grow with their number. Any number of processes may run it at the same time.
 */
@ApplicationScoped
class ReminderScheduler {

    private static final Logger LOG = Logger.getLogger(ReminderScheduler.class);

    private final ReminderRepository reminders;
    private final JobQueue queue;
    private final ReminderConfig config;

    ReminderScheduler(ReminderRepository reminders, JobQueue queue, ReminderConfig config) {
        this.reminders = reminders;
        this.queue = queue;
        this.config = config;
    }

    @Scheduled(cron = "{reminder.cron}", concurrentExecution = ConcurrentExecution.SKIP, identity = "reminders")
    Uni<Void> remind() {
        return reminders
                .findStarting(config.window())
                .onItem()
                .transformToMulti(competitions -> Multi.createFrom().iterable(competitions))
                .onItem()
                .transformToUniAndConcatenate(competition -> remind(competition, null, 0))
                .collect()
                .with(Collectors.summingInt(Integer::intValue))
                .invoke(count -> LOG.infof("Enqueued %d reminders", count))
                .onFailure()
                .invoke(failure -> LOG.warnf("Enqueuing reminders failed and continues with the next run: %s", failure))
                .replaceWithVoid();
    }

    private Uni<Integer> remind(UUID competition, @Nullable Place after, int count) {
        return reminders
                .enqueue(competition, config.window(), after, config.chunk())
                .call(chunk -> queue.push(chunk.jobs()))
                .flatMap(chunk -> chunk.last() == null
                        ? Uni.createFrom().item(count)
                        : remind(competition, chunk.last(), count + chunk.jobs().size()));
    }
}
