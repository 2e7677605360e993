package dev.minicompete.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test receives the batches as they start and completes them. */
class NaturalBatcherTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration SHORT_LIMIT = Duration.ofMillis(50);

    private record Batch(List<String> requests, CompletableFuture<List<String>> answers) {

        /** Completes each request with its text in upper case. */
        void succeed() {
            answers.complete(requests.stream()
                    .map(request -> request.toUpperCase(Locale.ROOT))
                    .toList());
        }

        void fail(Throwable failure) {
            answers.completeExceptionally(failure);
        }
    }

    private final BlockingQueue<Batch> started = new LinkedBlockingQueue<>();

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void singleRequestRunsAtOnce() throws Exception {
        var answer = submit(batcher(10, 10), "a");
        var batch = next();
        assertThat(batch.requests).containsExactly("a");
        batch.succeed();
        assertThat(answer.get()).isEqualTo("A");
    }

    @Test
    void requestsThatArriveDuringABatchFormTheNextOneInOrder() throws Exception {
        var batcher = batcher(10, 10);
        submit(batcher, "first");
        var first = next();
        var waiting = submitAll(batcher, "a", "b", "c");
        assertThat(started).isEmpty();
        first.succeed();
        var second = next();
        assertThat(second.requests).containsExactly("a", "b", "c");
        second.succeed();
        assertThat(join(waiting)).containsExactly("A", "B", "C");
    }

    @Test
    void batchSizeIsLimited() throws Exception {
        var batcher = batcher(2, 10);
        submit(batcher, "first");
        var first = next();
        submitAll(batcher, "a", "b", "c", "d", "e");
        first.succeed();
        for (var expected : List.of(List.of("a", "b"), List.of("c", "d"), List.of("e"))) {
            var batch = next();
            assertThat(batch.requests).isEqualTo(expected);
            batch.succeed();
        }
    }

    @Test
    void conflictingRequestsNeverShareABatchAndKeepTheirOrder() throws Exception {
        // Requests with the same first character conflict.
        var batcher = batcher(10, 10);
        submit(batcher, "first");
        var first = next();
        submitAll(batcher, "a1", "b1", "a2", "a3", "c1", "b2");
        first.succeed();
        for (var expected : List.of(List.of("a1", "b1", "c1"), List.of("a2", "b2"), List.of("a3"))) {
            var batch = next();
            assertThat(batch.requests).isEqualTo(expected);
            batch.succeed();
        }
    }

    @Test
    void badRequestFailsAlone() throws Exception {
        var batcher = batcher(10, 10);
        submit(batcher, "first");
        var first = next();
        var waiting = submitAll(batcher, "a", "bad", "c");
        first.succeed();
        next().fail(new IllegalStateException("one of them is bad"));
        for (var request : List.of("a", "bad", "c")) {
            var alone = next();
            assertThat(alone.requests).containsExactly(request);
            if (request.equals("bad")) {
                alone.fail(new IllegalStateException("it is this one"));
            } else {
                alone.succeed();
            }
        }
        assertThat(waiting.get(0).get()).isEqualTo("A");
        assertThat(waiting.get(2).get()).isEqualTo("C");
        assertThatThrownBy(() -> waiting.get(1).get()).hasMessageContaining("it is this one");
        assertGoesOn(batcher);
    }

    @Test
    void thrownExceptionFailsTheRequest() throws Exception {
        var batcher = new NaturalBatcher<String, String>(
                VERTX.getOrCreateContext(), 10, 10, Function.identity(), requests -> {
                    throw new IllegalStateException("thrown");
                });
        var answer = submit(batcher, "a");
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasMessageContaining("thrown");
    }

    @Test
    void allWaitingRequestsFailWhenTheDatabaseIsUnavailable() throws Exception {
        var batcher = batcher(2, 10);
        var one = submit(batcher, "one");
        var first = next();
        var waiting = submitAll(batcher, "a", "b", "c", "a2");
        var away = Failures.timeout("PostgreSQL");
        first.fail(away);
        assertThatThrownBy(one::get).hasCause(away);
        for (var answer : waiting) {
            assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCause(away);
        }
        assertThat(started).isEmpty();
        assertGoesOn(batcher);
    }

    @Test
    void conflictingRequestsDoNotFillTheQueueForOthers() throws Exception {
        var batcher = batcher(2, 10);
        submit(batcher, "first");
        var first = next();
        var conflicting = submitAll(batcher, "a1", "a2", "a3", "a4", "a5");
        var other = submit(batcher, "b");
        first.succeed();
        var second = next();
        assertThat(second.requests).containsExactly("a1", "b");
        for (var refused : conflicting.subList(3, 5)) {
            assertThatThrownBy(refused::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
        }
        second.succeed();
        assertThat(other.get()).isEqualTo("B");
        next().succeed();
        next().succeed();
        assertThat(join(conflicting.subList(0, 3))).containsExactly("A1", "A2", "A3");
        assertGoesOn(batcher);
    }

    @Test
    void requestThatWaitsBeyondItsLimitFailsAndDoesNotRun() throws Exception {
        var batcher = batcher(10, 10);
        submit(batcher, "first");
        var first = next();
        var late = batcher.submit("late", SHORT_LIMIT).subscribeAsCompletionStage();
        var waiting = submit(batcher, "waiting");
        assertUnavailable(late);
        first.succeed();
        var second = next();
        assertThat(second.requests).containsExactly("waiting");
        second.succeed();
        assertThat(waiting.get()).isEqualTo("WAITING");
        assertGoesOn(batcher);
    }

    @Test
    void requestThatRunsBeyondItsLimitFailsWhileItsBatchContinues() throws Exception {
        var batcher = batcher(10, 10);
        var late = batcher.submit("late", SHORT_LIMIT).subscribeAsCompletionStage();
        var batch = next();
        assertUnavailable(late);
        var waiting = submit(batcher, "waiting");
        assertThat(started).isEmpty();
        batch.succeed();
        next().succeed();
        assertThat(waiting.get()).isEqualTo("WAITING");
    }

    @Test
    void requestsBehindALockAreRepeatedOneByOne() throws Exception {
        var batcher = batcher(10, 10);
        submit(batcher, "first");
        var first = next();
        var waiting = submitAll(batcher, "a", "b");
        first.succeed();
        var locked = new PgException("lock timeout", "ERROR", "55P03", "");
        next().fail(locked);
        var alone = next();
        assertThat(alone.requests).containsExactly("a");
        var behind = submit(batcher, "c");
        alone.fail(locked);
        next().succeed();
        next().succeed();
        assertThatThrownBy(() -> waiting.get(0).get()).hasCause(locked);
        assertThat(waiting.get(1).get()).isEqualTo("B");
        assertThat(behind.get()).isEqualTo("C");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nextBatchStartsOnTheContextWhereverTheOneBeforeEnded(boolean succeeds) throws Exception {
        var context = VERTX.getOrCreateContext();
        var contexts = new LinkedBlockingQueue<Optional<Context>>();
        var batches = new LinkedBlockingQueue<CompletableFuture<List<String>>>();
        var batcher = new NaturalBatcher<String, String>(context, 10, 10, Function.identity(), requests -> {
            contexts.add(Optional.ofNullable(Vertx.currentContext()));
            var batch = new CompletableFuture<List<String>>();
            batches.add(batch);
            return Uni.createFrom().completionStage(batch);
        });
        submit(batcher, "a");
        var batch = batches.poll(5, TimeUnit.SECONDS);
        assertThat(contexts.poll(5, TimeUnit.SECONDS)).contains(context);
        submit(batcher, "b");
        if (succeeds) {
            batch.complete(List.of("A"));
        } else {
            batch.completeExceptionally(new IllegalStateException("a failure"));
        }
        assertThat(contexts.poll(5, TimeUnit.SECONDS)).contains(context);
    }

    @Test
    void requestIsRejectedWhenTheQueueIsFull() throws Exception {
        var batcher = batcher(10, 2);
        submit(batcher, "first");
        var first = next();
        var waiting = submitAll(batcher, "a", "b");
        var refused = submit(batcher, "c");
        assertThatThrownBy(refused::get).cause().isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE);
            assertThat(problem.headers()).containsKey("Retry-After");
        });
        first.succeed();
        next().succeed();
        assertThat(join(waiting)).containsExactly("A", "B");
        assertGoesOn(batcher);
    }

    @Test
    void requestsOfManyThreadsAllGetTheirResult() {
        var batcher = new NaturalBatcher<Integer, Integer>(
                VERTX.getOrCreateContext(),
                16,
                100_000,
                Function.identity(),
                requests -> Uni.createFrom().item(requests).onItem().delayIt().by(Duration.ofMillis(1)));
        var threads = Executors.newFixedThreadPool(8);
        var answers = IntStream.range(0, 5_000)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> batcher.submit(i, LIMIT), threads)
                        .thenCompose(Uni::subscribeAsCompletionStage))
                .toList();
        threads.shutdown();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(answers).allMatch(CompletableFuture::isDone));
        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactlyElementsOf(IntStream.range(0, 5_000).boxed().toList());
    }

    private NaturalBatcher<String, String> batcher(int batchSize, int capacity) {
        return new NaturalBatcher<>(
                VERTX.getOrCreateContext(), batchSize, capacity, request -> request.charAt(0), requests -> {
                    var batch = new Batch(List.copyOf(requests), new CompletableFuture<>());
                    started.add(batch);
                    return Uni.createFrom().completionStage(batch.answers);
                });
    }

    private Batch next() throws InterruptedException {
        var batch = started.poll(5, TimeUnit.SECONDS);
        assertThat(batch).as("a batch").isNotNull();
        return batch;
    }

    private void assertGoesOn(NaturalBatcher<String, String> batcher) throws Exception {
        var answer = submit(batcher, "still-there");
        next().succeed();
        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo("STILL-THERE");
    }

    private static void assertUnavailable(CompletableFuture<String> answer) {
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }

    private static CompletableFuture<String> submit(NaturalBatcher<String, String> batcher, String request) {
        return batcher.submit(request, LIMIT).subscribeAsCompletionStage();
    }

    private static List<CompletableFuture<String>> submitAll(
            NaturalBatcher<String, String> batcher, String... requests) {
        var answers = new ArrayList<CompletableFuture<String>>();
        for (var request : requests) {
            answers.add(submit(batcher, request));
        }
        return answers;
    }

    private static List<String> join(List<CompletableFuture<String>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }
}
