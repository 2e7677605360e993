package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Latch;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes die or stand still at the worst moments; nothing is lost and nothing happens twice. */
class CrashIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process() {
        return cluster.start(Cluster.SHORT_LIMITS);
    }

    @Test
    void aProcessThatDiesBetweenCommitAndPushHasItsMailSentByAnother() {
        var competition = cluster.database().createCompetition(5);
        var victim = cluster.start(Map.of("WORKER_ENABLED", "false"));
        try (var redis = cluster.commands()) {
            redis.pauseWrites();
            var reply = cluster.register(victim, competition);
            assertThat(reply.status()).isEqualTo(201);
            assertThat(reply.took()).isLessThan(Duration.ofSeconds(5));
            victim.kill();
            redis.awaitAlone();
            redis.unpause();
            assertThat(redis.queues()).as("the push never came").isEmpty();
        }
        assertThat(cluster.database().count("SELECT count(*) FROM outbox")).isOne();
        process();
        cluster.assertDrainedAndSound(competition);
    }

    @Test
    void aProcessThatDiesBetweenMailAndAcknowledgementSendsNoSecondMail() {
        var competition = cluster.database().createCompetition(5);
        var victim = process();
        try (var gate = Latch.before("INSERT", "mailbox", cluster.database());
                var redis = cluster.commands()) {
            assertThat(cluster.register(victim, competition).status()).isEqualTo(201);
            gate.awaitSomebody();
            redis.pauseWrites();
            gate.open();
            await().until(() -> cluster.database().count("SELECT count(*) FROM outbox") == 0);
            victim.kill();
            redis.awaitAlone();
            redis.unpause();
            assertThat(redis.queues()).as("taken and not acknowledged").hasSize(1);
        }
        process();
        cluster.assertDrainedAndSound(competition);
    }

    @Test
    @FullRun
    void aProcessThatDiesWhileItWritesAMailHasItSentByAnother() {
        var competition = cluster.database().createCompetition(5);
        var victim = process();
        try (var gate = Latch.before("INSERT", "mailbox", cluster.database())) {
            assertThat(cluster.register(victim, competition).status()).isEqualTo(201);
            gate.awaitSomebody();
            victim.kill();
        }
        process();
        cluster.assertDrainedAndSound(competition);
    }

    @FullRun
    @Test
    void processesThatDieAgainAndAgainLoseNothing() {
        var seats = 150;
        var competition = cluster.database().createCompetition(seats);
        var victim = new AtomicReference<>(process());
        var steady = process();
        try (var crowd = new Crowd(cluster, competition, 600)) {
            crowd.start(() ->
                    ThreadLocalRandom.current().nextBoolean() ? victim.get().api() : steady.api());
            for (var deaths = 0; deaths < 3; deaths++) {
                var before = crowd.decided();
                await("load").until(() -> crowd.decided() >= Math.min(before + 20, 600));
                await().pollDelay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200)))
                        .until(() -> true);
                victim.get().kill();
                victim.set(process());
            }
            crowd.awaitDecided(Duration.ofSeconds(60));
            assertThat(crowd.registered()).isEqualTo(seats);
            cluster.assertDrainedAndSound(competition);
            crowd.assertAnswersHold(steady::api);
            cluster.assertDrainedAndSound(competition);
        }
    }

    /** Frozen after its claim: the lease runs out, and the fencing token keeps the late worker from doing the job again. */
    @Test
    @FullRun
    void aWorkerThatWakesAfterItsLeaseFindsItsJobsDone() {
        var competition = cluster.database().createCompetition(5);
        var door = cluster.start(Map.of("WORKER_ENABLED", "false"));
        assertThat(cluster.register(door, competition).status()).isEqualTo(201);
        // As if it had been in a dead worker's hands: its next try is under a claim.
        cluster.database().execute("UPDATE outbox SET leased_until = now()");
        ProductionProcess sleeper;
        try (var gate = Latch.before("UPDATE", "outbox", cluster.database())) {
            sleeper = process();
            gate.awaitSomebody();
            sleeper.freeze();
        }
        await("the claim")
                .until(() ->
                        cluster.database().count("SELECT count(*) FROM outbox WHERE leased_until IS NOT NULL") == 1);
        var other = process();
        cluster.assertDrainedAndSound(competition);

        sleeper.thaw();
        sleeper.awaitReady(Duration.ofSeconds(10));
        other.kill();
        assertThat(cluster.register(sleeper, competition).status()).isEqualTo(201);
        cluster.assertDrainedAndSound(competition);
    }

    /** Frozen between two statements: PostgreSQL must not let it hold its locks for ever. */
    @Test
    void aWorkerThatFreezesWithinATransactionHoldsNobodyUp() {
        var competition = cluster.database().createCompetition(5);
        var sleeper = process();
        try (var gate = Latch.before("INSERT", "mailbox", cluster.database())) {
            assertThat(cluster.register(sleeper, competition).status()).isEqualTo(201);
            gate.awaitSomebody();
            sleeper.freeze();
            gate.open();
            process();
            cluster.assertDrainedAndSound(competition);

            sleeper.thaw();
            sleeper.awaitReady(Duration.ofSeconds(10));
            assertThat(cluster.register(sleeper, competition).status()).isEqualTo(201);
            cluster.assertDrainedAndSound(competition);
        }
    }
}
