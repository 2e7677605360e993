package dev.minicompete.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** Asks a health address again and again, as an orchestrator does but more often, until it is closed. */
final class HealthWatch implements AutoCloseable {

    private static final int PAUSE_MILLIS = 100;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest request;
    private final List<Long> nanos = new ArrayList<>();
    private final Thread thread = new Thread(this::watch, "health");
    private int failures;
    private volatile boolean closed;

    HealthWatch(URI address) {
        request = HttpRequest.newBuilder(address).build();
        thread.start();
    }

    private void watch() {
        while (!closed) {
            try {
                var started = System.nanoTime();
                var status = http.send(request, BodyHandlers.discarding()).statusCode();
                nanos.add(System.nanoTime() - started);
                failures += status == 200 ? 0 : 1;
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException cut) {
                failures++;
            } catch (InterruptedException never) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The time that this share of the answers did not exceed, in milliseconds; once closed. */
    double millis(double share) {
        return Percentile.of(nanos.stream().mapToLong(Long::longValue).toArray(), share) / 1e6;
    }

    /** Whether nearly all came within a second, and none was anything but 200; once closed. */
    boolean isFast() {
        return failures == 0 && millis(0.99) <= 1_000;
    }

    @Override
    public String toString() {
        return "p50 %.0f ms, p99 %.0f ms, max %.0f ms of %d, %d failed".formatted(millis(0.5), millis(0.99), millis(1), nanos.size(), failures);
    }
}
