package dev.minicompete.jobs.failed;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class FailedJobTest {

    private final TestDatabase database = TestServers.database();
    private final TestTokens tokens = TestServers.tokens();
    private UUID organizer;
    private UUID competition;
    private UUID registration;

    @BeforeEach
    void registrationWhoseMailIsMissing() {
        database.truncate();
        organizer = database.createOrganizer();
        competition = database.createCompetition(organizer, Map.of());
        registration = database.createConfirmed(competition, database.createParticipants(1))
                .get(0);
        database.execute("DELETE FROM mailbox");
    }

    @Test
    void organizerSeesTheFailedJobsOfOwnCompetitionsOnly() {
        var job = failedJob("registration:confirmation", 1);

        as(organizer)
                .get("/api/failed-jobs")
                .then()
                .statusCode(200)
                .body("items.id", contains(job.toString()))
                .body("items[0].kind", equalTo("registration:confirmation"))
                .body("items[0].competitionId", equalTo(competition.toString()))
                .body("items[0].registrationId", equalTo(registration.toString()))
                .body("items[0].attempts", equalTo(5))
                .body("items[0].error", equalTo("Database error 23514"))
                .body("items[0].failedAt", notNullValue());
        as(organizer).get("/api/failed-jobs/" + job).then().statusCode(200).body("id", equalTo(job.toString()));

        var other = database.createOrganizer();
        as(other).get("/api/failed-jobs").then().statusCode(200).body("items", empty());
        as(other).get("/api/failed-jobs/" + job).then().statusCode(404).body("code", equalTo("not-found"));
        as(other).post("/api/failed-jobs/" + job + "/retry").then().statusCode(404);
        as(other).delete("/api/failed-jobs/" + job).then().statusCode(404);
        as(other).post("/api/failed-jobs/retry").then().statusCode(202).body("retried", equalTo(0));
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isEqualTo(1);
    }

    @Test
    void participantsAndStrangersSeeNothing() {
        var participant = tokens.participant(database.createParticipant());

        given().header("Authorization", "Bearer " + participant)
                .get("/api/failed-jobs")
                .then()
                .statusCode(403)
                .body("code", equalTo("forbidden"));
        given().get("/api/failed-jobs").then().statusCode(401).body("code", equalTo("authentication-required"));
    }

    @Test
    void jobsOfNoCompetitionAreShownToNobody() {
        database.execute(
                "INSERT INTO failed_jobs (id, kind, attempts, error) VALUES (?, 'unreadable', 1, 'e')",
                UuidCreator.getTimeOrderedEpoch());

        as(organizer).get("/api/failed-jobs").then().body("items", empty());
        as(organizer).post("/api/failed-jobs/retry").then().body("retried", equalTo(0));
    }

    @Test
    void listIsPagedFilteredAndLatestFirst() {
        var oldest = failedJob("registration:confirmation", 3);
        var middle = failedJob("reminder:notify", 2);
        var latest = failedJob("registration:confirmation", 1);

        var cursor = as(organizer)
                .get("/api/failed-jobs?limit=2")
                .then()
                .body("items.id", contains(latest.toString(), middle.toString()))
                .header("Link", notNullValue())
                .extract()
                .<String>path("nextCursor");
        as(organizer)
                .get("/api/failed-jobs?limit=2&cursor=" + cursor)
                .then()
                .body("items.id", contains(oldest.toString()))
                .body("nextCursor", nullValue());
        as(organizer).get("/api/failed-jobs?kind=reminder:notify").then().body("items.id", contains(middle.toString()));
        as(organizer)
                .get("/api/failed-jobs?kind=reminder:notify&cursor=" + cursor)
                .then()
                .statusCode(400);
        as(organizer).get("/api/failed-jobs?limit=0").then().statusCode(400);
    }

    @Test
    void retriedJobSendsItsMailAndLeavesTheTable() {
        var job = failedJob("registration:confirmation", 1);

        as(organizer).post("/api/failed-jobs/" + job + "/retry").then().statusCode(202);

        new Oracle(database).awaitDrained(Duration.ofSeconds(20));
        assertThat(database.texts("SELECT registration_id FROM mailbox WHERE kind = 'confirmation'"))
                .containsExactly(registration.toString());
        new Oracle(database).assertInvariants();
        as(organizer).get("/api/failed-jobs/" + job).then().statusCode(404);
        as(organizer).post("/api/failed-jobs/" + job + "/retry").then().statusCode(404);
    }

    @Test
    void retryingAJobWhoseMailWentOutSendsNoSecondOne() {
        var job = failedJob("registration:confirmation", 1);
        database.execute(
                "INSERT INTO mailbox (id, user_id, kind, subject, body, competition_id, registration_id)"
                        + " SELECT ?, participant_id, 'confirmation', 's', 'b', competition_id, id FROM registrations",
                job);

        as(organizer).post("/api/failed-jobs/" + job + "/retry").then().statusCode(202);

        new Oracle(database).awaitDrained(Duration.ofSeconds(20));
        assertThat(database.count("SELECT count(*) FROM mailbox")).isEqualTo(1);
    }

    @Test
    void allAreRetriedAtOnce() {
        failedJob("registration:confirmation", 1);
        failedJob("registration:cancellation", 1);

        as(organizer).post("/api/failed-jobs/retry").then().statusCode(202).body("retried", equalTo(2));

        new Oracle(database).awaitDrained(Duration.ofSeconds(20));
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isZero();
        assertThat(database.count("SELECT count(*) FROM mailbox")).isEqualTo(2);
    }

    @Test
    void discardedJobIsGoneAndSendsNothing() {
        var job = failedJob("registration:confirmation", 1);

        as(organizer).delete("/api/failed-jobs/" + job).then().statusCode(204);

        as(organizer).delete("/api/failed-jobs/" + job).then().statusCode(404);
        assertThat(database.count("SELECT count(*) FROM failed_jobs")).isZero();
        assertThat(database.count("SELECT count(*) FROM mailbox")).isZero();
    }

    @Test
    void malformedIdIsNotFound() {
        as(organizer).get("/api/failed-jobs/1").then().statusCode(404).body("code", equalTo("not-found"));
    }

    private RequestSpecification as(UUID user) {
        return given().header("Authorization", "Bearer " + tokens.organizer(user));
    }

    private UUID failedJob(String kind, int minutesAgo) {
        var id = UuidCreator.getTimeOrderedEpoch();
        database.execute("""
                INSERT INTO failed_jobs (id, kind, competition_id, registration_id, user_id, attempts, error, failed_at)
                SELECT ?, ?, competition_id, id, participant_id, 5, 'Database error 23514',
                    now() - ? * interval '1 minute'
                FROM registrations WHERE id = ?
                """, id, kind, minutesAgo, registration);
        return id;
    }
}
