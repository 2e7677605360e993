package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another transaction locks one competition for 10 s; the rate of the registrations for another is at least half of what it was. */
@FullRun
class LockedCompetitionIT {

    private static final Duration LOCKED = Duration.ofSeconds(10);

    /** Long enough to measure the rate before. */
    private static final Duration FREE = LOCKED.dividedBy(2);

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final int CLIENTS = 8;

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private final AtomicInteger registered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void othersKeepTheirRate() throws InterruptedException, SQLException {
        var process = cluster.start(Cluster.SHORT_LIMITS);
        var free = cluster.database().createCompetition(1_000_000);
        var locked = cluster.database().createCompetition(1_000_000);
        run(process, free, locked, WARM_UP);
        registered.set(0);
        run(process, free, locked, FREE);
        var before = 2 * registered.getAndSet(0);
        assertThat(refused).hasValue(0);
        try (var lock = cluster.database().connect()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("SELECT FROM competitions WHERE id = '" + locked + "' FOR UPDATE");
            run(process, free, locked, LOCKED);
        }
        assertThat(registered.get()).isGreaterThanOrEqualTo(before / 2);
        assertThat(refused.get()).isPositive();
        cluster.assertDrainedAndSound(free, locked);
    }

    /** Half of the clients register for each competition. Only those of the free one are counted as registered. */
    private void run(ProductionProcess process, UUID free, UUID locked, Duration duration) throws InterruptedException {
        var end = System.nanoTime() + duration.toNanos();
        var executor = Executors.newFixedThreadPool(CLIENTS);
        for (var client = 0; client < CLIENTS; client++) {
            var isFree = client % 2 == 0;
            executor.submit(() -> {
                while (System.nanoTime() < end) {
                    var status =
                            cluster.register(process, isFree ? free : locked).status();
                    if (status != 201) {
                        refused.incrementAndGet();
                    } else if (isFree) {
                        registered.incrementAndGet();
                    }
                }
            });
        }
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
}
