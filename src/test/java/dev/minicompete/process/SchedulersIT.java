package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reminders with schedulers of several processes on the same tick, and many of them at once. */
class SchedulersIT {

    private static final Map<String, String> EVERY_SECOND = Map.of("REMINDER_CRON", "* * * * * ?");

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @BeforeEach
    void nobodyToRemind() {
        cluster.database().truncate();
    }

    @Test
    void threeSchedulersOnTheSameTickRemindEverybodyOnceForEachStart() {
        cluster.start(3, EVERY_SECOND);
        var competition = competitionStartingIn(Duration.ofHours(3), 600);

        awaitReminders(competition, 600);
        cluster.database()
                .execute("UPDATE competitions SET starts_at = starts_at + interval '1 hour' WHERE id = ?", competition);
        awaitReminders(competition, 1_200);

        cluster.assertDrainedAndSound();
        new Oracle(cluster.database()).assertEverybodyWasRemindedOnce();
    }

    @Test
    void runThatNoProcessWasUpForIsMadeUpForAtTheNextStart() {
        var competition = competitionStartingIn(Duration.ofHours(3), 3);
        cluster.database().execute("UPDATE scheduled_runs SET completed = completed - interval '1 day'");

        cluster.start(Map.of());

        awaitReminders(competition, 3);
    }

    @FullRun
    @Test
    void runDuringAnOutageOfPostgresqlIsMadeUpForWithinAMinuteOfItsReturn() {
        var due = OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(30);
        cluster.start(Map.of(
                "REMINDER_CRON", DateTimeFormatter.ofPattern("s m H * * ?").format(due)));
        var competition = competitionStartingIn(Duration.ofHours(3), 3);
        awaitTime(due.minusSeconds(3));
        assertThat(cluster.database().count("SELECT count(*) FROM reminders")).isZero();

        cluster.postgres().kill();
        try {
            awaitTime(due.plusSeconds(3));
        } finally {
            cluster.postgres().start();
        }

        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> cluster.database().count("SELECT count(*) FROM reminders") == 3);
        awaitReminders(competition, 3);
    }

    private static void awaitTime(OffsetDateTime time) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> OffsetDateTime.now(ZoneOffset.UTC).isAfter(time));
    }

    @FullRun
    @Test
    void twoHundredThousandAreRemindedInOneRunWithinASmallHeap() {
        cluster.start(Map.of("SCHEDULER_ENABLED", "false")).terminate(Duration.ofSeconds(20));
        var competition = competitionStartingIn(Duration.ofHours(3), 200_000);

        // What the environment adds comes last on the command line, so this is the heap.
        cluster.start(Map.of("REMINDER_CRON", "*/5 * * * * ?", "_JAVA_OPTIONS", "-Xmx96m"));

        awaitReminders(competition, 200_000);
        cluster.awaitEmptyQueue();
        new Oracle(cluster.database()).assertEverybodyWasRemindedOnce();
    }

    private UUID competitionStartingIn(Duration duration, int participants) {
        var database = cluster.database();
        var start = Instant.now().plus(duration);
        var competition = database.createCompetition(
                database.createOrganizer(),
                Map.of("capacity", participants, "reg_deadline", start.minusSeconds(1), "starts_at", start));
        database.createConfirmed(competition, database.createParticipants(participants));
        return competition;
    }

    private void awaitReminders(UUID competition, int count) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(cluster.database()
                                .count(
                                        "SELECT count(*) FROM mailbox WHERE kind = 'reminder' AND competition_id = ?",
                                        competition))
                        .isGreaterThanOrEqualTo(count));
        new Oracle(cluster.database()).awaitDrained(Duration.ofSeconds(30));
        assertThat(cluster.database()
                        .count(
                                "SELECT count(*) FROM mailbox WHERE kind = 'reminder' AND competition_id = ?",
                                competition))
                .isEqualTo(count);
    }
}
