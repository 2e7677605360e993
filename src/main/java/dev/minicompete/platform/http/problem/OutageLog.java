package dev.minicompete.platform.http.problem;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logs an outage at its beginning and every 30 s while it lasts, instead of once for each request that fails. */
final class OutageLog {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Logger log;
    private final AtomicReference<@Nullable Long> lastLoggedAt = new AtomicReference<>();
    private final AtomicInteger omitted = new AtomicInteger();

    OutageLog(Logger log) {
        this.log = log;
    }

    void warn(Throwable failure) {
        var last = lastLoggedAt.get();
        var now = System.nanoTime();
        if ((last == null || now - last >= INTERVAL.toNanos()) && lastLoggedAt.compareAndSet(last, now)) {
            log.warnf(
                    "Requests fail because a server is unavailable (%d more since the last report): %s",
                    omitted.getAndSet(0), failure);
        } else {
            omitted.incrementAndGet();
        }
    }
}
