package dev.minicompete.reminder;

import dev.minicompete.jobs.queue.JobQueue;
import dev.minicompete.platform.maintenance.ScheduledRuns;
import dev.minicompete.reminder.ReminderRepository.Chunk;
import dev.minicompete.reminder.ReminderRepository.Place;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Enqueues a reminder for each confirmed registration of a competition that starts soon. It processes competitions and registrations in
 * chunks, so that memory and transactions do not grow with their number.
 */
@ApplicationScoped
class ReminderScheduler {

    private static final Logger LOG = Logger.getLogger(ReminderScheduler.class);

    private final ReminderRepository reminders;
    private final JobQueue queue;
    private final ReminderConfig config;
    private final ScheduledRuns runs;

    ReminderScheduler(ReminderRepository reminders, JobQueue queue, ReminderConfig config, ScheduledRuns runs) {
        this.reminders = reminders;
        this.queue = queue;
        this.config = config;
        this.runs = runs;
    }

    @Scheduled(cron = "{reminder.cron}", timeZone = "UTC", identity = "reminders")
    @Scheduled(every = ScheduledRuns.CHECK_INTERVAL, identity = "missed-reminders")
    Uni<Void> remindIfDue() {
        return runs.runIfDue("reminders", config.cron(), this::remind);
    }

    /** Enqueues all missing reminders; emits their number for each chunk of registrations. */
    Multi<Integer> remind() {
        var total = new AtomicInteger();
        return ScheduledRuns.forEach(starting(), this::remind)
                .invoke(total::addAndGet)
                .onTermination()
                .invoke(() -> LOG.infof("Enqueued %d reminders", total.get()));
    }

    private Multi<UUID> starting() {
        return Multi.createBy()
                .repeating()
                .<AtomicReference<Place>, List<Place>>uni(
                        AtomicReference::new,
                        last -> reminders
                                .findStarting(config.window(), last.get(), config.chunk())
                                .invoke(page -> page.forEach(last::set)))
                .until(List::isEmpty)
                .onItem()
                .<Place>disjoint()
                .map(Place::id);
    }

    private Multi<Integer> remind(UUID competition) {
        return Multi.createBy()
                .repeating()
                .<AtomicReference<Place>, Chunk>uni(
                        AtomicReference::new,
                        last -> reminders
                                .enqueue(competition, config.window(), last.get(), config.chunk())
                                .invoke(chunk -> last.set(chunk.last()))
                                .call(chunk -> queue.push(chunk.jobs())))
                .whilst(chunk -> chunk.last() != null)
                .map(chunk -> chunk.jobs().size())
                .onFailure()
                .invoke(failure ->
                        LOG.warnf("Enqueuing the reminders of competition %s failed: %s", competition, failure));
    }
}
