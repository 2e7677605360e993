package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes of different roles share the servers, and clients take any of them. */
class ManyProcessesIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static List<ProductionProcess> processes;

    @BeforeAll
    static void start() {
        processes = List.of(
                cluster.start(Map.of("WORKER_ENABLED", "false", "SCHEDULER_ENABLED", "false")),
                cluster.start(Map.of("SCHEDULER_ENABLED", "false")),
                cluster.start(Map.of()));
    }

    @Test
    void threeHundredPeopleGetThirtySeats() {
        rush(300, 30);
    }

    @FullRun
    @Test
    void aThousandPeopleGetAHundredSeats() {
        rush(1_000, 100);
    }

    private static void rush(int people, int seats) {
        var competition = cluster.database().createCompetition(seats);
        try (var crowd = new Crowd(cluster, competition, people)) {
            crowd.start(() -> processes
                    .get(ThreadLocalRandom.current().nextInt(processes.size()))
                    .api());
            crowd.awaitDecided(Duration.ofSeconds(60));
            assertThat(crowd.registered()).isEqualTo(seats);
            assertThat(crowd.all())
                    .allSatisfy(reply -> assertThat(
                                    reply.status() == 201 || reply.code().equals("competition-full"))
                            .as(reply.toString())
                            .isTrue());
            cluster.assertDrainedAndSound(competition);
            crowd.assertAnswersHold(() -> processes.get(0).api());
        }
    }

    @Test
    void fiftyRequestsWithOneKeyAreOneRegistration() throws Exception {
        var competition = cluster.database().createCompetition(100);
        var token = cluster.tokens().participant(cluster.database().createParticipant());
        var executor = Executors.newFixedThreadPool(50);
        try {
            var replies = executor
                    .invokeAll(IntStream.range(0, 50)
                            .mapToObj(i -> (Callable<Reply>) () -> Http.register(
                                    processes.get(i % processes.size()).api(), competition, token, "abc123"))
                            .toList())
                    .stream()
                    .map(future -> {
                        try {
                            return future.get();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toList();
            assertThat(replies)
                    .allSatisfy(reply -> assertThat(
                                    reply.status() == 201 || reply.code().equals("request-in-progress"))
                            .as(reply.toString())
                            .isTrue());
            var created =
                    replies.stream().filter(reply -> reply.status() == 201).toList();
            assertThat(created).isNotEmpty();
            assertThat(created)
                    .extracting(Reply::body)
                    .containsOnly(created.get(0).body());
            assertThat(created).filteredOn(reply -> !reply.replayed()).hasSize(1);
        } finally {
            executor.shutdownNow();
        }
        cluster.assertDrainedAndSound(competition);
        assertThat(cluster.database().count("SELECT count(*) FROM registrations WHERE competition_id = ?", competition))
                .isOne();
        assertThat(cluster.database().count("SELECT count(*) FROM mailbox WHERE competition_id = ?", competition))
                .isOne();
    }
}
