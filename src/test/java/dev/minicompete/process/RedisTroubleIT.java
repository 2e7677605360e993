package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without Redis the system is slower, never wrong; when it is back everything is as if nothing had been. */
class RedisTroubleIT {

    private static final int SEATS = 100;
    private static final int PEOPLE = 300;

    /** The contract's limit for an answer while Redis is away. */
    private static final Duration PROMISED = Duration.ofSeconds(5);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void start() {
        process = cluster.start(Cluster.SHORT_LIMITS);
    }

    @Test
    void aFlushInTheMiddleOfTheLoadLosesNothing() {
        var competition = cluster.database().createCompetition(SEATS);
        try (var crowd = new Crowd(cluster, competition, PEOPLE).start(process::api);
                var redis = cluster.commands()) {
            for (var flushes = 1; flushes <= 3; flushes++) {
                var enough = flushes * 40;
                await("load").until(() -> crowd.decided() >= enough);
                redis.run("FLUSHALL");
            }
            assertSoundAfterwards(crowd, competition);
        }
    }

    @FullRun
    @Test
    void redisKilledAndStartedAgain() {
        var competition = cluster.database().createCompetition(SEATS);
        try (var crowd = new Crowd(cluster, competition, PEOPLE).start(process::api)) {
            await("load").until(() -> crowd.decided() >= 20);
            cluster.redis().kill();
            try {
                assertServingWithoutRedis();
            } finally {
                cluster.redis().start();
            }
            assertSoundAfterwards(crowd, competition);
        }
    }

    @FullRun
    @Test
    void redisFrozen() {
        var competition = cluster.database().createCompetition(SEATS);
        try (var crowd = new Crowd(cluster, competition, PEOPLE).start(process::api)) {
            await("load").until(() -> crowd.decided() >= 20);
            Signals.freeze(cluster.redis().process());
            try {
                assertServingWithoutRedis();
            } finally {
                Signals.thaw(cluster.redis().process());
            }
            assertSoundAfterwards(crowd, competition);
        }
    }

    /** That they wait for it once, and not one by one, is held by {@code RedisPipelineTest}. */
    @Test
    void registrationsGoOnWhileRedisIsFrozen() {
        var competition = cluster.database().createCompetition(20);
        var participants = cluster.database().createParticipants(20);
        Signals.freeze(cluster.redis().process());
        try {
            assertThat(participants)
                    .map(cluster.tokens()::participant)
                    .map(participant -> Http.register(process.api(), competition, participant, "abc123"))
                    .allSatisfy(
                            reply -> assertThat(reply.status()).as(reply.body()).isEqualTo(201));
        } finally {
            Signals.thaw(cluster.redis().process());
        }
        cluster.assertDrainedAndSound(competition);
    }

    private static void assertServingWithoutRedis() {
        var competition = cluster.database().createCompetition(5);
        var participant = cluster.tokens().participant(cluster.database().createParticipant());
        var first = Http.register(process.api(), competition, participant, "abc123");
        assertThat(first.status()).as(first.body()).isEqualTo(201);
        assertThat(first.took()).isLessThan(PROMISED);
        var again = Http.register(process.api(), competition, participant, "abc123");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.replayed()).isTrue();
        assertThat(again.took()).isLessThan(PROMISED);
        var read = Http.get(process.api().resolve("/api/competitions/" + competition));
        assertThat(read.status()).isEqualTo(200);
        assertThat(process.management("/q/health/ready").status()).isEqualTo(200);
        assertThat(process.management("/q/health/live").status()).isEqualTo(200);
    }

    private static void assertSoundAfterwards(Crowd crowd, UUID competition) {
        crowd.awaitDecided(Duration.ofSeconds(60));
        assertThat(crowd.all()).allSatisfy(reply -> assertThat(reply.took()).isLessThan(PROMISED));
        assertThat(crowd.registered()).isEqualTo(SEATS);
        cluster.assertDrainedAndSound();
        crowd.assertAnswersHold(process::api);
        assertThat(process.management("/q/health/ready").status()).isEqualTo(200);
    }

    @Test
    void whateverElseLiesInTheQueueStopsNobody() {
        var dead = cluster.database().count("SELECT count(*) FROM failed_jobs");
        var competition = cluster.database().createCompetition(5);
        var unknownKind = UUID.randomUUID();
        cluster.database().execute("INSERT INTO outbox (id, kind) VALUES (?, 'nobody:knows')", unknownKind);
        try (var redis = cluster.commands()) {
            redis.run(
                    "LPUSH",
                    "{jobs}:ready",
                    "{\"kind\":",
                    unknownKind.toString(),
                    UUID.randomUUID().toString(),
                    "x".repeat(1024 * 1024),
                    "",
                    "\u0000\u0007");
        }
        assertThat(cluster.register(process, competition).status()).isEqualTo(201);
        await("its mail")
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        cluster.database().count("SELECT count(*) FROM mailbox WHERE competition_id = ?", competition)
                                == 1);
        cluster.assertDrainedAndSound();
        var unreadable = "SELECT count(*) FROM failed_jobs WHERE kind = 'unreadable'";
        assertThat(cluster.database().count(unreadable)).isEqualTo(4);
        assertThat(cluster.database().text("SELECT kind FROM failed_jobs WHERE id = ?", unknownKind))
                .isEqualTo("nobody:knows");
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs")).isEqualTo(dead + 5);
    }

    /** The process outlives it, so nobody would notice. */
    @Test
    @FullRun
    void refusedPasswordIsLoggedOnceAndMeasured() {
        try (var redis = cluster.commands()) {
            redis.run("ACL", "SETUSER", "app", "on", ">right+1", "~*", "&*", "+@all");
            var variables = new HashMap<>(Cluster.SHORT_LIMITS);
            variables.put(
                    "REDIS_URL",
                    "redis://app:wrong+1@127.0.0.1:" + cluster.redis().port());
            var refused = cluster.start(variables);
            await("the line").until(() -> refused.log().contains("REDIS_URL: WRONGPASS"));
            assertThat(refused.management("/q/metrics").body()).contains("\nredis_up 0.0");
            var competition = cluster.database().createCompetition(20);
            for (var i = 0; i < 20; i++) {
                assertThat(cluster.register(refused, competition).status()).isEqualTo(201);
            }
            await("some attempts of the worker")
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> refused.log()
                                    .lines()
                                    .filter(line -> line.contains("WRONGPASS"))
                                    .count()
                            <= 3);
            redis.run("ACL", "SETUSER", "app", "resetpass", ">wrong+1");
            await("the metric")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> refused.management("/q/metrics").body().contains("\nredis_up 1.0"));
            cluster.assertDrainedAndSound();
        }
    }

    /** Only Redis is new here: the application starts without it. */
    @Test
    void aProcessStartsWithoutRedis() {
        var variables = new HashMap<>(Cluster.SHORT_LIMITS);
        variables.put("REDIS_URL", "redis://127.0.0.1:1");
        var lonely = cluster.start(variables);
        var reply = cluster.register(lonely, cluster.database().createCompetition(5));
        assertThat(reply.status()).isEqualTo(201);
        lonely.kill();
        cluster.assertDrainedAndSound();
    }
}
