package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Everything works where each transaction may get another connection to PostgreSQL. */
@FullRun
class PgBouncerIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static PgBouncer pooler;

    @BeforeAll
    static void start() {
        pooler = new PgBouncer(cluster.postgres());
    }

    @AfterAll
    static void close() {
        if (pooler != null) {
            pooler.close();
        }
    }

    private static ProductionProcess process(Map<String, String> variables) {
        var environment = new HashMap<>(Cluster.SHORT_LIMITS);
        environment.putAll(pooler.environment());
        environment.putAll(variables);
        return cluster.start(environment);
    }

    @Test
    void twoProcessesGiveEachSeatOnceAndSendEachMailOnce() {
        var processes = List.of(process(Map.of()), process(Map.of()));
        var competition = cluster.database().createCompetition(150);
        var waitlisted = cluster.database()
                .createCompetition(cluster.database().createOrganizer(), Map.of("capacity", 40, "waitlist", true));
        try (var crowd = new Crowd(cluster, competition, 400);
                var waiting = new Crowd(cluster, waitlisted, 80)) {
            crowd.start(() -> any(processes));
            waiting.start(() -> any(processes));
            crowd.awaitDecided(Duration.ofSeconds(60));
            waiting.awaitDecided(Duration.ofSeconds(60));
            assertThat(crowd.registered()).isEqualTo(150);
            assertThat(waiting.registered()).isEqualTo(80);
            cluster.assertDrainedAndSound();

            giveUp(waiting, processes);
            cluster.assertDrainedAndSound();
            crowd.assertAnswersHold(() -> any(processes));
        }
        assertThat(cluster.database()
                        .count(
                                "SELECT count(*) FROM mailbox WHERE kind = 'promoted' AND competition_id = ?",
                                waitlisted))
                .isPositive();
        processes.forEach(process -> assertThat(process.log()).doesNotContain("ERROR", "prepared statement"));
    }

    private static URI any(List<ProductionProcess> processes) {
        return processes
                .get(ThreadLocalRandom.current().nextInt(processes.size()))
                .api();
    }

    /** Those with a seat leave, all of them, so that others move up. */
    private static void giveUp(Crowd crowd, List<ProductionProcess> processes) {
        crowd.firstRegistrations().stream()
                .filter(reply -> reply.json().get("status").asText().equals("confirmed"))
                .forEach(reply -> {
                    var owner =
                            UUID.fromString(reply.json().get("participantId").asText());
                    var left = Http.delete(
                            any(processes).resolve("/api/registrations/" + reply.id()),
                            cluster.tokens().participant(owner));
                    assertThat(left.status()).as(left.body()).isEqualTo(204);
                });
    }

    @Test
    void accountsCompetitionsAndRemindersWork() {
        var process = process(Map.of("REMINDER_CRON", "* * * * * ?"));
        var signup = Http.post(process.api().resolve("/api/auth/signup"), """
                {"name":"A","email":"pooled@example.com","password":"pass123","role":"organizer"}""");
        assertThat(signup.status()).as(signup.body()).isEqualTo(201);
        var created = Http.post(
                process.api().resolve("/api/competitions"),
                signup.json().get("accessToken").asText(),
                """
                {"title":"Pooled","capacity":50,"regDeadline":"%s"}""".formatted(Instant.now().plusSeconds(3600)));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        try (var crowd = new Crowd(cluster, created.id(), 50).start(process::api)) {
            crowd.awaitDecided(Duration.ofSeconds(30));
        }
        await("reminders")
                .atMost(Duration.ofSeconds(20))
                .until(() -> cluster.database()
                                .count(
                                        "SELECT count(*) FROM mailbox WHERE kind = 'reminder' AND competition_id = ?",
                                        created.id())
                        == 50);
        cluster.assertDrainedAndSound(created.id());
        new Oracle(cluster.database(), created.id()).assertEverybodyWasRemindedOnce();
    }

    /** Flyway's lock, and the whole schema, through the pooler. */
    @Test
    void theSchemaIsMigratedThroughThePooler() {
        var database = cluster.database().empty();
        var environment = cluster.environment(pooler.environment());
        environment.putAll(Map.of("DB_NAME", database.name(), "MIGRATE_ONLY", "true"));
        var ended = ProductionProcess.runToItsEnd(environment);
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(database.count("SELECT count(*) FROM registrations")).isZero();
    }

    @Test
    void itSaysThatTheRoleLacksTimeLimits() {
        var line = "Behind a pooler the role needs time limits of its own, see README.md: "
                + "idle_in_transaction_session_timeout, lock_timeout, statement_timeout";
        var process = process(Map.of());
        await(line).atMost(Duration.ofSeconds(5)).until(() -> process.log().contains(line));
    }
}
