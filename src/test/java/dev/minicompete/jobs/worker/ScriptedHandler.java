package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.jobs.JobHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Does what a test says: fails a job so many times, and remembers each time when a job was tried alone or with others. */
@Singleton
class ScriptedHandler implements JobHandler {

    static final String KIND = "test:scripted";

    private final Map<UUID, Integer> failures = new ConcurrentHashMap<>();
    private final Map<UUID, List<Instant>> tries = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> attempts = new ConcurrentHashMap<>();

    /** The job fails at this many attempts before it succeeds. */
    void fail(UUID job, int times) {
        failures.put(job, times);
    }

    /** When the job's attempts were. */
    List<Instant> tries(UUID job) {
        return tries.getOrDefault(job, List.of());
    }

    /** What the job said of its own attempts when it succeeded, or null. */
    Integer succeededAt(UUID job) {
        return attempts.get(job);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Uni<List<UUID>> handle(SqlConnection transaction, List<Job> jobs) {
        if (jobs.stream().anyMatch(job -> job.attempts() <= failures.getOrDefault(job.id(), 0))) {
            if (jobs.size() == 1) {
                remember(jobs.get(0));
            }
            return Uni.createFrom().failure(new IllegalStateException("as the test wants it"));
        }
        jobs.forEach(job -> {
            remember(job);
            attempts.put(job.id(), job.attempts());
        });
        return Uni.createFrom().item(List.of());
    }

    private void remember(Job job) {
        tries.computeIfAbsent(job.id(), id -> new CopyOnWriteArrayList<>()).add(Instant.now());
    }
}
