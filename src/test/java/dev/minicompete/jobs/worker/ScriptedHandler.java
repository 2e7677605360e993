package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Fails jobs as often as a test wants, and records their attempts. */
@Singleton
class ScriptedHandler implements JobHandler {

    static final String KIND = "test:scripted";

    private final Map<UUID, Integer> failures = new ConcurrentHashMap<>();
    private final Set<UUID> hanging = ConcurrentHashMap.newKeySet();
    private final AtomicInteger timesHung = new AtomicInteger();
    private volatile Throwable failure;
    private final Map<UUID, List<Instant>> tries = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> attempts = new ConcurrentHashMap<>();

    /** Makes a job fail this many times before it succeeds. */
    void fail(UUID job, int times) {
        fail(job, times, new IllegalStateException("as the test wants it"));
    }

    /** Makes a job fail this many times, in this way, before it succeeds. */
    void fail(UUID job, int times, Throwable failure) {
        failures.put(job, times);
        this.failure = failure;
    }

    /** Makes a job hang at each attempt. */
    void hang(UUID job) {
        hanging.add(job);
    }

    /** Returns how often a job has hung. */
    int timesHung() {
        return timesHung.get();
    }

    /** Returns the times of a job's attempts. */
    List<Instant> tries(UUID job) {
        return tries.getOrDefault(job, List.of());
    }

    /** Returns the attempt at which a job succeeded, or null. */
    Integer succeededAt(UUID job) {
        return attempts.get(job);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(KIND);
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        if (jobs.stream().anyMatch(job -> job.attempts() <= failures.getOrDefault(job.id(), 0))) {
            if (jobs.size() == 1) {
                record(jobs.get(0));
            }
            return Uni.createFrom().failure(failure);
        }
        if (jobs.stream().anyMatch(job -> hanging.contains(job.id()))) {
            timesHung.incrementAndGet();
            return Uni.createFrom().nothing();
        }
        jobs.forEach(job -> {
            record(job);
            attempts.put(job.id(), job.attempts());
        });
        return Uni.createFrom().item(List.of());
    }

    private void record(Job job) {
        tries.computeIfAbsent(job.id(), id -> new CopyOnWriteArrayList<>()).add(Instant.now());
    }
}
