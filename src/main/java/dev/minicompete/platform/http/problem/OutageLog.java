package dev.minicompete.platform.http.problem;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Logs an outage when it begins and every 30 s as long as it lasts, but not once for each request that fails. */
final class OutageLog {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Logger log;
    private final AtomicReference<Long> lastLine = new AtomicReference<>();
    private final AtomicInteger omitted = new AtomicInteger();

    OutageLog(Logger log) {
        this.log = log;
    }

    void warn(Throwable failure) {
        var last = lastLine.get();
        var now = System.nanoTime();
        if ((last == null || now - last >= PAUSE.toNanos()) && lastLine.compareAndSet(last, now)) {
            log.warnf(
                    "Requests fail since a server is away (%d since the last such line): %s",
                    omitted.getAndSet(0), failure);
        } else {
            omitted.incrementAndGet();
        }
    }
}
