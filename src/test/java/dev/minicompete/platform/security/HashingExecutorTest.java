package dev.minicompete.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashingExecutorTest {

    private final Vertx vertx = Vertx.vertx();
    private final HashingExecutor executor = new HashingExecutor(config(Map.of(
            "auth.jwt.issuer", "test",
            "auth.jwt.ttl", "PT1H",
            "auth.hashing.parallel", "1",
            "auth.hashing.waiting", "2")));

    private static SecurityConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(SecurityConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withConverter(Duration.class, 100, Duration::parse)
                .build()
                .getConfigMapping(SecurityConfig.class);
    }

    @AfterEach
    void stop() {
        executor.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void workBeyondTheBoundIsRefusedAndAcceptedWorkIsDone() throws Exception {
        var gate = new CountDownLatch(1);
        var started = new CountDownLatch(1);
        var taken = new ArrayList<CompletableFuture<Boolean>>();
        taken.add(run(() -> pass(started, gate)));
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        taken.add(run(() -> true));
        taken.add(run(() -> true));

        var refused = run(() -> true);

        assertThatThrownBy(() -> refused.orTimeout(10, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
        assertThat(taken).noneMatch(CompletableFuture::isDone);
        gate.countDown();
        assertThat(List.copyOf(taken))
                .allSatisfy(one -> assertThat(one.get(10, TimeUnit.SECONDS)).isTrue());
    }

    private CompletableFuture<Boolean> run(Supplier<Boolean> work) {
        var done = new CompletableFuture<Boolean>();
        vertx.getOrCreateContext()
                .runOnContext(
                        ignored -> executor.run(work).subscribe().with(done::complete, done::completeExceptionally));
        return done;
    }

    private static boolean pass(CountDownLatch started, CountDownLatch gate) {
        started.countDown();
        try {
            return gate.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
