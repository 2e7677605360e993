package dev.minicompete.platform.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndOfTurnTest {

    private final Vertx vertx = Vertx.vertx();
    private final Context context = ((VertxInternal) vertx).createEventLoopContext();
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void taskRunsAfterAllOtherTasksOfTurn() {
        context.runOnContext(turn -> {
            EndOfTurn.atEndOf(context, () -> done.add("end"));
            context.runOnContext(first -> {
                done.add("first");
                context.runOnContext(second -> done.add("second"));
            });
            done.add("now");
        });
        await().untilAsserted(() -> assertThat(done).containsExactly("now", "first", "second", "end"));
    }

    @Test
    void taskRunsOnGivenContextFromAnyThread() {
        EndOfTurn.atEndOf(context, () -> done.add(Vertx.currentContext() == context ? "there" : "elsewhere"));
        await().untilAsserted(() -> assertThat(done).containsExactly("there"));
    }
}
