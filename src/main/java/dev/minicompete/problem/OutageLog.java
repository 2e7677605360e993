package dev.minicompete.problem;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Tells of an outage when it begins and, as long as it lasts, now and then; not with every request that meets it. */
final class OutageLog {

    private static final long PAUSE = Duration.ofSeconds(30).toNanos();

    private final Logger log;
    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final AtomicLong unsaid = new AtomicLong();

    OutageLog(Logger log) {
        this.log = log;
    }

    void warn(Throwable failure) {
        var due = next.get();
        var now = System.nanoTime();
        if (now - due >= 0 && next.compareAndSet(due, now + PAUSE)) {
            log.warnf(
                    "Requests fail since a server is away (%d since the last such line): %s",
                    unsaid.getAndSet(0), failure);
        } else {
            unsaid.incrementAndGet();
        }
    }
}
