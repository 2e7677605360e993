package dev.minicompete.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.idempotency.IdempotencyStore.KeyState;
import dev.minicompete.testing.TestRedis;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class IdempotencyStoreTest {

    @Inject
    IdempotencyStore store;

    @Inject
    Vertx vertx;

    /** The commands of one turn of the event loop share a batch, in which one error would be everybody's. */
    @Test
    void keyOfAWrongTypeIsUnknownAndFailsNoOther() throws Exception {
        var keys = IntStream.range(0, 10)
                .mapToObj(i -> "test:" + UUID.randomUUID())
                .toList();
        claimTogether(keys.subList(1, 10));
        TestRedis.send("LPUSH " + keys.get(0) + " nonsense");

        var states = claimTogether(keys);

        assertThat(states.get(0)).isInstanceOf(KeyState.Unknown.class);
        assertThat(states.subList(1, 10))
                .allSatisfy(state -> assertThat(state).isInstanceOf(KeyState.InProgress.class));
    }

    private List<KeyState> claimTogether(List<String> keys) throws Exception {
        var states = new CompletableFuture<List<KeyState>>();
        vertx.getOrCreateContext()
                .runOnContext(turn -> Uni.join()
                        .all(keys.stream().map(store::claim).toList())
                        .andFailFast()
                        .subscribe()
                        .with(states::complete, states::completeExceptionally));
        return states.get(10, TimeUnit.SECONDS);
    }
}
