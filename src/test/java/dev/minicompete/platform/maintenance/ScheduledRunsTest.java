package dev.minicompete.platform.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.Failures;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ScheduledRunsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String NAME = "test";
    private static final String NIGHTLY = "0 0 0 * * ?";

    private final TestDatabase database = TestServers.database();
    private final AtomicInteger count = new AtomicInteger();

    @Inject
    Pool pool;

    @AfterEach
    void forgetRuns() {
        database.execute("DELETE FROM scheduled_runs WHERE name = ?", NAME);
    }

    @Test
    void dueRunIsDoneOnceByAllProcesses() {
        run(processAt(Duration.ZERO));
        run(processAt(Duration.ZERO));

        assertThat(count).hasValue(1);
    }

    @Test
    void nextRunIsDoneWhenItIsDue() {
        var midnight = ScheduledRuns.lastDue(NIGHTLY, Instant.now()).orElseThrow();
        var sinceMidnight = Duration.between(midnight, Instant.now());
        run(processAt(Duration.ZERO));
        run(processAt(Duration.ofDays(1).minus(sinceMidnight).minusMinutes(1)));
        assertThat(count).hasValue(1);

        run(processAt(Duration.ofDays(1).minus(sinceMidnight).plusMinutes(1)));
        assertThat(count).hasValue(2);
    }

    @Test
    void processThatStartsAfterMissedRunsMakesUpForThemOnce() {
        run(processAt(Duration.ZERO));

        var later = processAt(Duration.ofDays(3));
        run(later);
        run(later);

        assertThat(count).hasValue(2);
    }

    @Test
    void clockThatWasAheadSkipsNoRun() {
        run(processAt(Duration.ofDays(1)));
        run(processAt(Duration.ZERO));
        run(processAt(Duration.ZERO));

        assertThat(count).hasValue(2);
    }

    @Test
    void failedRunIsTriedAgainAfterTheClaimEndsUntilItSucceeds() {
        var first = processAt(Duration.ZERO);
        var second = processAt(Duration.ZERO);
        for (var attempt = 1; attempt <= 2; attempt++) {
            run(first, () -> counted(Multi.createFrom().failure(new IllegalStateException("broken"))));
            run(second);
            assertThat(count).as("attempts").hasValue(attempt);
            endClaim();
        }

        run(second);
        run(second);
        assertThat(count).hasValue(3);
    }

    @Test
    void outageOfPostgresqlDelaysRun() {
        var away = new AtomicInteger(2);
        var process = new ScheduledRuns(new ScheduledRunRepository(pool) {
            @Override
            Uni<State> find(String name) {
                return away.getAndDecrement() > 0
                        ? Uni.createFrom().failure(Failures.timeout("PostgreSQL"))
                        : super.find(name);
            }
        });

        run(process);
        run(process);
        assertThat(count).hasValue(0);

        run(process);
        assertThat(count).hasValue(1);
    }

    @Test
    void runInProgressIsNotBegunByOthers() {
        var result = new ArrayList<Uni<Void>>();
        IntStream.range(0, 6)
                .forEach(i -> result.add(processAt(Duration.ZERO)
                        .runIfDue(
                                NAME,
                                NIGHTLY,
                                () -> counted(Multi.createFrom()
                                        .item(1)
                                        .onItem()
                                        .call(() -> Uni.createFrom()
                                                .voidItem()
                                                .onItem()
                                                .delayIt()
                                                .by(Duration.ofMillis(300)))))));

        Uni.join().all(result).andFailFast().await().atMost(PATIENCE);

        assertThat(count).hasValue(1);
    }

    @Test
    void runOfDeadProcessIsTakenOver() {
        run(processAt(Duration.ZERO), () -> counted(Multi.createFrom().failure(new IllegalStateException("killed"))));
        run(processAt(Duration.ZERO));
        assertThat(count).hasValue(1);

        endClaim();
        run(processAt(Duration.ZERO));
        assertThat(count).hasValue(2);
    }

    @Test
    void eachChunkExtendsTheClaim() {
        var held = new ArrayList<Long>();

        run(
                processAt(Duration.ZERO),
                () -> Multi.createFrom().items(1, 2, 3).invoke(chunk -> {
                    held.add(database.count(
                            "SELECT count(*) FROM scheduled_runs WHERE name = ? AND claimed_until > now()", NAME));
                    endClaim();
                }));

        assertThat(held).containsExactly(1L, 1L, 1L);
    }

    @Test
    void dueTimesAreThoseOfUtc() {
        var zone = TimeZone.getDefault();
        // Half past two does not exist there on that day.
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            assertThat(ScheduledRuns.lastDue("0 30 2 * * ?", Instant.parse("2027-03-28T12:00:00Z")))
                    .hasValue(Instant.parse("2027-03-28T02:30:00Z"));
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void cronThatWasNeverDueRunsNothing() {
        processAt(Duration.ZERO)
                .runIfDue(
                        NAME,
                        "0 0 0 1 1 ? 2099",
                        () -> counted(Multi.createFrom().empty()))
                .await()
                .atMost(PATIENCE);

        assertThat(count).hasValue(0);
    }

    @Test
    void failingPartStopsNoOtherPartAndFailsTheWhole() {
        var done = new ArrayList<Integer>();

        var whole = ScheduledRuns.forEach(
                Multi.createFrom().items(1, 2, 3),
                part -> part == 2
                        ? Multi.createFrom().failure(new IllegalStateException("part 2"))
                        : Multi.createFrom().item(part).invoke(done::add));

        assertThatThrownBy(() -> finish(whole)).hasMessage("part 2");
        assertThat(done).containsExactly(1, 3);
    }

    @Test
    void outageEndsTheWholeAtOnce() {
        var begun = new ArrayList<Integer>();

        var whole = ScheduledRuns.forEach(Multi.createFrom().items(1, 2, 3), part -> {
            begun.add(part);
            return Multi.createFrom().failure(Failures.timeout("PostgreSQL"));
        });

        assertThatThrownBy(() -> finish(whole)).hasMessageContaining("PostgreSQL does not answer in time");
        assertThat(begun).containsExactly(1);
    }

    private static List<Integer> finish(Multi<Integer> work) {
        return work.collect().asList().await().atMost(PATIENCE);
    }

    /** A process that sees PostgreSQL's clock moved by this much. */
    private ScheduledRuns processAt(Duration moved) {
        return new ScheduledRuns(new ScheduledRunRepository(pool) {
            @Override
            Uni<State> find(String name) {
                return super.find(name).map(state -> new State(state.now().plus(moved), state.completed()));
            }
        });
    }

    private void run(ScheduledRuns process) {
        run(process, () -> counted(Multi.createFrom().item(1)));
    }

    private void run(ScheduledRuns process, Supplier<Multi<Integer>> work) {
        process.runIfDue(NAME, NIGHTLY, work).await().atMost(PATIENCE);
    }

    private Multi<Integer> counted(Multi<Integer> work) {
        count.incrementAndGet();
        return work;
    }

    private void endClaim() {
        database.execute("UPDATE scheduled_runs SET claimed_until = now() WHERE name = ?", NAME);
    }
}
