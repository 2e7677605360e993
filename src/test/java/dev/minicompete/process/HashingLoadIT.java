package dev.minicompete.process;

import static dev.minicompete.testing.Requests.concurrently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** While a crowd signs up or logs in the others are served. How many are refused is held by {@code HashingExecutorTest}. */
@FullRun
class HashingLoadIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static final int CROWD = 60;
    private static final int BOUND = 1 + 4;

    @Test
    void besideACrowdThatHashesTheOthersAreServed() throws Exception {
        var process = cluster.start(Map.of("AUTH_HASHING_PARALLEL", "1", "AUTH_HASHING_WAITING", "4"));
        var answers = serveBesideACrowd(cluster, process, cluster.database().createCompetition(10_000));

        assertThat(answers).allSatisfy(reply -> assertThat(reply.status()).isIn(201, 401, 503));
        assertThat(answers.stream().filter(reply -> reply.status() != 503)).hasSizeGreaterThanOrEqualTo(BOUND);
        assertThat(answers.stream().filter(reply -> reply.status() == 503)).allSatisfy(reply -> {
            assertThat(reply.code()).isEqualTo("unavailable");
            assertThat(reply.retryAfter()).isPositive();
        });
    }

    /** What the crowd was answered, while health and registrations were answered beside it. */
    private static List<Reply> serveBesideACrowd(Cluster cluster, ProductionProcess process, UUID competition)
            throws Exception {
        var answers = CompletableFuture.supplyAsync(() -> crowd(process));
        do {
            var health = process.management("/q/health/live");
            assertThat(health.status()).isEqualTo(200);
            assertThat(cluster.register(process, competition).status()).isEqualTo(201);
        } while (!answers.isDone());
        return answers.get();
    }

    private static List<Reply> crowd(ProductionProcess process) {
        try {
            return concurrently(
                    CROWD,
                    IntStream.range(0, CROWD)
                            .mapToObj(i -> (Callable<Reply>) () -> i % 2 == 0 ? signUp(process) : logIn(process))
                            .toList());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply signUp(ProductionProcess process) {
        return Http.post(process.api().resolve("/api/auth/signup"), """
                {"name":"A","email":"%s@example.com","password":"pass123","role":"organizer"}""".formatted(UUID.randomUUID()));
    }

    private static Reply logIn(ProductionProcess process) {
        return Http.post(process.api().resolve("/api/auth/login"), """
                {"email":"%s@example.com","password":"pass123"}""".formatted(UUID.randomUUID()));
    }
}
