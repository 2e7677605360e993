package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A job that fails is tried again and at last given up, and its neighbours do not notice. */
class PoisonJobIT {

    private static final int ATTEMPTS = 3;

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    private UUID competition;

    @BeforeAll
    static void start() {
        var variables = new HashMap<>(Cluster.SHORT_LIMITS);
        variables.putAll(Map.of("JOB_MAX_ATTEMPTS", "" + ATTEMPTS, "JOBS_PARALLEL", "1"));
        process = cluster.start(variables);
    }

    @BeforeEach
    void createCompetition() {
        competition = cluster.database().createCompetition(100);
    }

    @AfterEach
    void heal() {
        cluster.database().execute("DROP TRIGGER IF EXISTS poison ON mailbox");
        cluster.database().execute("DROP SEQUENCE IF EXISTS tries");
    }

    /** Mails to participants of the name Poison fail so many times. A sequence counts: no rollback takes it back. */
    private static void poison(int failures) {
        cluster.database().execute("CREATE SEQUENCE tries");
        cluster.database().execute("""
                CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF EXISTS (SELECT FROM registrations WHERE id = NEW.registration_id
                            AND participant_id IN (SELECT id FROM users WHERE name = 'Poison'))
                        AND nextval('tries') <= TG_ARGV[0]::bigint
                    THEN RAISE 'poison'; END IF;
                    RETURN NEW;
                END $$
                """);
        cluster.database()
                .execute("CREATE TRIGGER poison BEFORE INSERT ON mailbox FOR EACH ROW EXECUTE FUNCTION poison("
                        + failures + ")");
    }

    private UUID registerPoisoned() {
        var participant = cluster.database().createParticipant();
        cluster.database().execute("UPDATE users SET name = 'Poison' WHERE id = ?", participant);
        return Http.register(process.api(), competition, cluster.tokens().participant(participant), "abc123")
                .id();
    }

    private long mails(String condition) {
        return cluster.database()
                .count("SELECT count(*) FROM mailbox WHERE competition_id = ? AND " + condition, competition);
    }

    @Test
    void aPoisonedJobIsGivenUpAndItsNeighboursAreNot() {
        poison(Integer.MAX_VALUE);
        UUID poisoned;
        try (var crowd = new Crowd(cluster, competition, 20);
                var redis = cluster.commands()) {
            // All wait together, so that they come in one batch.
            redis.pauseWrites();
            poisoned = registerPoisoned();
            crowd.start(process::api).awaitDecided(Duration.ofSeconds(20));
            redis.unpause();
        }
        await("the neighbours' mails").atMost(Duration.ofSeconds(5)).until(() -> mails("true") == 20);
        await("the end of all attempts")
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        cluster.database().count("SELECT count(*) FROM failed_jobs WHERE registration_id = ?", poisoned)
                                == 1);
        var dead = cluster.database()
                .rows("SELECT kind, attempts, error FROM failed_jobs WHERE registration_id = ?", poisoned)
                .get(0);
        assertThat(dead).containsEntry("kind", "registration:confirmation").containsEntry("attempts", ATTEMPTS);
        assertThat((String) dead.get("error")).isNotBlank();
        cluster.assertDrainedAndSound(competition);
    }

    @Test
    void aDeadLetterRetriedAfterTheRepairIsOneMail() {
        poison(Integer.MAX_VALUE);
        var poisoned = registerPoisoned();
        await("the dead letter")
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        cluster.database().count("SELECT count(*) FROM failed_jobs WHERE registration_id = ?", poisoned)
                                == 1);
        heal();

        var organizer = UUID.fromString(
                cluster.database().text("SELECT organizer_id FROM competitions WHERE id = ?", competition));
        var token = cluster.tokens().organizer(organizer);
        var retry = Http.post(process.api().resolve("/api/failed-jobs/retry"), token, "");

        assertThat(retry.body()).isEqualTo("{\"retried\":1}");
        cluster.assertDrainedAndSound(competition);
        assertThat(mails("kind = 'confirmation'")).isEqualTo(1);
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs WHERE registration_id = ?", poisoned))
                .isZero();
    }

    @Test
    void aJobThatSucceedsAtLastIsDoneOnce() {
        poison(ATTEMPTS - 1);
        var poisoned = registerPoisoned();
        await("the mail")
                .atMost(Duration.ofSeconds(10))
                .until(() -> mails("registration_id = '" + poisoned + "'") == 1);
        assertThat(cluster.database().count("SELECT last_value FROM tries")).isEqualTo(ATTEMPTS);
        cluster.assertDrainedAndSound(competition);
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs WHERE registration_id = ?", poisoned))
                .isZero();
    }
}
