package dev.minicompete.jobs.failed;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.jobs.Job;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retries of more failed jobs than fit into one transaction. */
@QuarkusTest
class RetryAllTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestServers.database();
    private final TestTokens tokens = TestServers.tokens();
    private UUID organizer;
    private UUID competition;

    @Inject
    FailedJobRetry retry;

    @Inject
    Pool pool;

    @BeforeEach
    void createCompetition() {
        database.truncate();
        organizer = database.createOrganizer();
        competition = database.createCompetition(organizer, Map.of());
    }

    @AfterEach
    void removeTheBound() {
        database.execute("DROP FUNCTION IF EXISTS bounded CASCADE");
    }

    /** However many failed jobs there are, no statement moves more than a chunk. */
    @Test
    void moreJobsThanFitIntoOneTransactionAreAllRetriedAndCounted() {
        failOnStatementsOfMoreRowsThan(5_000);
        insertFailed(competition, 12_000);
        insertFailed(database.createCompetition(organizer, Map.of()), 500);
        var other = database.createCompetition(10);
        insertFailed(other, 1);

        assertThat(retryAll()).isEqualTo(12_500);

        new Oracle(database).awaitDrained(PATIENCE);
        assertThat(database.texts("SELECT competition_id FROM failed_jobs")).containsExactly(other.toString());
    }

    /** Otherwise a job that fails at once would be retried without end. */
    @Test
    void jobThatFailsAgainWhileOthersAreRetriedIsNotRetriedAgain() {
        insertFailed(competition, 1);

        database.execute(
                "INSERT INTO outbox (id, kind, user_id, created_at) VALUES (?, ?, ?, now() - interval '1 hour')",
                UuidCreator.getTimeOrderedEpoch(),
                FailedJobRetry.KIND,
                organizer);

        new Oracle(database).awaitDrained(PATIENCE);
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isEqualTo(1);
    }

    @Test
    void crashWithinAChunkLosesNothing() {
        insertFailed(competition, 6_000);
        var job = new Job(UUID.randomUUID(), FailedJobRetry.KIND, null, null, organizer, Instant.now(), 1, null);

        assertThatThrownBy(() -> pool.withTransaction(transaction -> retry.handle(transaction, List.of(job))
                                .invoke(added -> assertThat(added).hasSize(5_001))
                                .chain(() -> transaction
                                        .query("SELECT DISTINCT attempts FROM outbox")
                                        .execute())
                                .invoke(attempts -> assertThat(
                                                attempts.iterator().next().getInteger(0))
                                        .isZero())
                                .chain(() -> Uni.createFrom().failure(new IllegalStateException("the process died"))))
                        .await()
                        .atMost(PATIENCE))
                .hasMessage("the process died");

        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isEqualTo(6_000);
        assertThat(database.count("SELECT count(*) FROM outbox")).isZero();
    }

    /** PostgreSQL ends a statement after 4.5 s. */
    @Test
    @FullRun
    void threeHundredThousandFailedJobsAreAnsweredWithinThreeSeconds() {
        insertFailed(competition, 300_000);

        given().header("Authorization", "Bearer " + tokens.organizer(organizer))
                .post("/api/failed-jobs/retry")
                .then()
                .time(lessThan(3_000L))
                .statusCode(202)
                .body("retried", equalTo(300_000));

        new Oracle(database).awaitDrained(Duration.ofMinutes(5));
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isZero();
    }

    private int retryAll() {
        return given().header("Authorization", "Bearer " + tokens.organizer(organizer))
                .post("/api/failed-jobs/retry")
                .then()
                .statusCode(202)
                .extract()
                .path("retried");
    }

    private void failOnStatementsOfMoreRowsThan(int rows) {
        database.execute("""
                CREATE FUNCTION bounded() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF (SELECT count(*) FROM inserted) > TG_ARGV[0]::int THEN RAISE 'too many rows'; END IF;
                    RETURN NULL;
                END $$""");
        database.execute("CREATE TRIGGER bounded AFTER INSERT ON outbox REFERENCING NEW TABLE AS inserted"
                + " FOR EACH STATEMENT EXECUTE FUNCTION bounded(" + rows + ")");
    }

    /** Their registrations are purged, so that they do nothing when they are retried. */
    private void insertFailed(UUID about, int jobs) {
        database.execute("""
                INSERT INTO failed_jobs (id, kind, competition_id, registration_id, user_id, attempts, error)
                SELECT uuid_v7(), 'registration:confirmation', ?, uuid_v7(), ?, 5, 'PostgreSQL refused it (23514)'
                FROM generate_series(1, ?)
                """, about, organizer, jobs);
    }
}
