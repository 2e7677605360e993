package dev.minicompete.process;

import static dev.minicompete.testing.Requests.concurrently;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A crowd that signs up or logs in costs the others nothing. */
class HashingLoadIT {

    private static final int CROWD = 60;
    private static final int BOUND = 1 + 4;

    @Test
    void beyondItsQueueACrowdIsSentAwayAtOnceAndTheOthersAreServed() throws Exception {
        try (var cluster = new Cluster()) {
            var process = cluster.start(Map.of("AUTH_HASHING_PARALLEL", "1", "AUTH_HASHING_WAITING", "4"));
            var competition = cluster.database().createCompetition(100);
            cluster.register(process, competition);

            var crowd = IntStream.range(0, CROWD)
                    .mapToObj(i -> (Callable<Reply>) () -> i % 2 == 0
                            ? Http.post(process.api().resolve("/api/auth/signup"), """
                                    {"name":"A","email":"%s@example.com","password":"pass123","role":"organizer"}""".formatted(UUID.randomUUID()))
                            : Http.post(process.api().resolve("/api/auth/login"), """
                                    {"email":"%s@example.com","password":"pass123"}""".formatted(UUID.randomUUID())))
                    .toList();
            var answers = CompletableFuture.supplyAsync(() -> {
                try {
                    return concurrently(CROWD, crowd);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            do {
                var health = process.management("/q/health/live");
                assertThat(health.status()).isEqualTo(200);
                assertThat(health.took()).isLessThan(Duration.ofSeconds(1));
                assertThat(cluster.register(process, competition).status()).isEqualTo(201);
            } while (!answers.isDone());

            assertThat(answers.get())
                    .allSatisfy(reply -> assertThat(reply.status()).isIn(201, 401, 503));
            var refused = answers.get().stream()
                    .filter(reply -> reply.status() == 503)
                    .toList();
            assertThat(refused).hasSizeGreaterThan(CROWD / 2).allSatisfy(reply -> {
                assertThat(reply.code()).isEqualTo("unavailable");
                assertThat(reply.retryAfter()).isPositive();
            });
            assertThat(answers.get().stream().filter(reply -> reply.status() != 503))
                    .hasSizeGreaterThanOrEqualTo(BOUND);
            assertThat(refused.stream()
                            .map(Reply::took)
                            .sorted()
                            .skip(refused.size() / 2)
                            .findFirst())
                    .hasValueSatisfying(median -> assertThat(median).isLessThan(Duration.ofSeconds(1)));
        }
    }
}
