package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without PostgreSQL everybody is told so at once, and all goes on when it is back. */
class PostgresTroubleIT {

    /** More than there are connections. */
    private static final int AT_ONCE = 48;

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    private UUID competition;
    private UUID registration;
    private String organizer;
    private String participant;

    @BeforeAll
    static void start() {
        process = cluster.start(Cluster.SHORT_LIMITS);
    }

    @BeforeEach
    void register() {
        var id = cluster.database().createParticipant();
        organizer = cluster.tokens().organizer(cluster.database().createOrganizer());
        participant = cluster.tokens().participant(id);
        competition = cluster.database().createCompetition(1000);
        registration =
                Http.register(process.api(), competition, participant, "before").id();
    }

    @Test
    void postgresKilledAndStartedAgain() {
        cluster.postgres().kill();
        try {
            assertUnavailable();
        } finally {
            cluster.postgres().start();
        }
        assertRecovery();
    }

    @FullRun
    @Test
    void postgresStoppedAndStartedAgain() {
        cluster.postgres().stop();
        try {
            assertUnavailable();
        } finally {
            cluster.postgres().start();
        }
        assertRecovery();
    }

    @FullRun
    @Test
    void postgresFrozen() {
        Signals.freeze(cluster.postgres().process());
        try {
            assertUnavailable();
        } finally {
            Signals.thaw(cluster.postgres().process());
        }
        assertRecovery();
    }

    /** As after a change of the password, until the old one is valid again. */
    @Test
    void loginRefusedAndAccepted() {
        cluster.database().executeAsSuperuser("ALTER ROLE minicompete NOLOGIN");
        try {
            cluster.database()
                    .executeAsSuperuser(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'minicompete'");
            assertUnavailable();
        } finally {
            cluster.database().executeAsSuperuser("ALTER ROLE minicompete LOGIN");
        }
        assertRecovery();
    }

    /** One request of each sort, and then so many that all connections hang. */
    private void assertUnavailable() {
        var newcomer = cluster.tokens().participant(UUID.randomUUID());
        List<Callable<Reply>> sorts = List.of(
                () -> Http.get(process.api().resolve("/api/competitions")),
                () -> Http.get(process.api().resolve("/api/competitions/" + competition)),
                () -> Http.get(process.api().resolve("/api/mailbox"), participant),
                () -> Http.get(process.api().resolve("/api/auth/me"), participant),
                () -> Http.get(process.api().resolve("/api/registrations"), participant),
                () -> Http.get(process.api().resolve("/api/registrations/" + registration), participant),
                () -> Http.delete(process.api().resolve("/api/registrations/" + registration), participant),
                () -> Http.get(process.api().resolve("/api/failed-jobs"), organizer),
                () -> Http.get(process.api().resolve("/api/competitions/" + competition + "/registrations"), organizer),
                () -> Http.get(
                        process.api().resolve("/api/competitions/" + competition + "/registrations.csv"), organizer),
                () -> Http.get(process.api().resolve("/api/competitions/" + competition + "/calendar.ics")),
                () -> Http.post(process.api().resolve("/api/competitions"), organizer, """
                        {"title":"Away","capacity":1,"regDeadline":"2999-01-01T00:00:00Z"}"""),
                () -> Http.post(process.api().resolve("/api/auth/login"), """
                        {"email":"a@example.com","password":"pass123"}"""),
                () -> Http.post(process.api().resolve("/api/auth/signup"), """
                        {"name":"A","email":"%s@example.com","password":"pass123","role":"organizer"}""".formatted(UUID.randomUUID())),
                () -> Http.register(process.api(), competition, newcomer, "during"));
        assertAllUnavailable(sorts);
        assertAllUnavailable(
                IntStream.range(0, AT_ONCE).mapToObj(i -> sorts.get(i % 6)).toList());
        assertAllUnavailable(IntStream.range(0, AT_ONCE)
                .mapToObj(i -> (Callable<Reply>) () -> Http.register(process.api(), competition, newcomer, "many-" + i))
                .toList());
        assertThat(process.management("/q/health/live").status()).isEqualTo(200);
        assertThat(process.management("/q/health/ready").status()).isEqualTo(503);
        assertAllUnavailable(sorts);
    }

    private static void assertAllUnavailable(List<Callable<Reply>> requests) {
        var executor = Executors.newFixedThreadPool(requests.size());
        try {
            assertThat(executor.invokeAll(requests)).extracting(Future::get).allSatisfy(reply -> {
                assertThat(reply.status()).as(reply.toString()).isEqualTo(503);
                assertThat(reply.code()).isEqualTo("unavailable");
                assertThat(reply.took()).as(reply.toString()).isLessThan(Duration.ofSeconds(3));
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            executor.shutdownNow();
        }
    }

    private void assertRecovery() {
        assertThat(process.log()).doesNotContain("Uncaught exception");
        await("recovery")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    assertThat(process.management("/q/health/ready").status()).isEqualTo(200);
                    assertThat(Http.get(process.api().resolve("/api/mailbox"), participant)
                                    .status())
                            .isEqualTo(200);
                    assertThat(Http.register(process.api(), competition, participant, "before")
                                    .id())
                            .isEqualTo(registration);
                });
        // Every connection is back in the pool, not just one.
        try (var crowd = new Crowd(cluster, competition, 200).start(process::api)) {
            crowd.awaitDecided(Duration.ofSeconds(30));
            assertThat(crowd.registered()).isEqualTo(200);
            cluster.assertDrainedAndSound();
        }
    }
}
