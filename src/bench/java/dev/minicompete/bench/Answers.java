package dev.minicompete.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The answers to one load. */
final class Answers {

    /**
     * One answer.
     *
     * @param number of the request
     * @param nanos from the first byte sent to the last one received
     */
    record IdempotentResponse(int number, int status, long nanos, Instant at) {}

    private final List<IdempotentResponse> all = new ArrayList<>();
    private final long startedAt = System.nanoTime();
    private long took;
    private int sent;

    int sent() {
        return sent;
    }

    int send() {
        return sent++;
    }

    void add(int number, int status, long nanos, Instant at) {
        all.add(new IdempotentResponse(number, status, nanos, at));
    }

    void end() {
        took = System.nanoTime() - startedAt;
    }

    List<IdempotentResponse> all() {
        return all;
    }

    /** How many there are of each status. */
    Map<Integer, Integer> statuses() {
        var statuses = new TreeMap<Integer, Integer>();
        all.forEach(answer -> statuses.merge(answer.status, 1, Integer::sum));
        return statuses;
    }

    Duration took() {
        return Duration.ofNanos(took);
    }

    double perSecond() {
        return all.size() * 1e9 / took;
    }

    double meanMillis() {
        return all.stream().mapToLong(IdempotentResponse::nanos).average().orElse(0) / 1e6;
    }

    /** The latency that this share of the requests did not exceed, in milliseconds. */
    double millis(double share) {
        return Percentile.of(all.stream().mapToLong(IdempotentResponse::nanos).toArray(), share) / 1e6;
    }
}
