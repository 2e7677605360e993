package dev.minicompete.registration;

import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The download of the CSV file; {@link ParticipantCsvTest} tests its cells. */
@QuarkusTest
class ParticipantCsvDownloadTest {

    private static final String PATH = "/api/competitions/{id}/registrations.csv";

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("capacity", 1, "waitlist", true));

    @Test
    void responseIsAUtf8File() {
        var person = TestUser.participant();
        database.execute("UPDATE users SET name = '=Zoë, \"the\" 1st' WHERE id = ?", person.id());
        var registration = person.request()
                .header("Idempotency-Key", "key")
                .contentType("application/json")
                .body("{\"note\":\"+1 line\\nand another\"}")
                .post("/api/competitions/{id}/register", competition)
                .jsonPath();

        var answer = organizer.get(PATH, competition);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/csv").containsIgnoringCase("charset=utf-8");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"registrations-" + competition + ".csv\"");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(new String(answer.asByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("id,name,email,status,note,registeredAt\r\n"
                        + registration.getString("id")
                        + ",\"'=Zoë, \"\"the\"\" 1st\"," + person.id()
                        + "@example.com,confirmed,\"'+1 line\nand another\","
                        + registration.getString("createdAt") + "\r\n");
    }

    @Test
    void emptyListHasTheHeaderOnly() {
        assertThat(organizer.get(PATH, competition).asString()).isEqualTo("id,name,email,status,note,registeredAt\r\n");
    }

    /** Excel reads a file without it in the machine's old character set. */
    @Test
    void byteOrderMarkIsThereOnRequestOnly() {
        var header = "id,name,email,status,note,registeredAt\r\n";
        assertThat(organizer.get(PATH + "?bom=true", competition).asByteArray())
                .isEqualTo(("\ufeff" + header).getBytes(StandardCharsets.UTF_8));
        for (var query : List.of("", "?bom=false")) {
            assertThat(organizer.get(PATH + query, competition).asByteArray())
                    .as(query)
                    .isEqualTo(header.getBytes(StandardCharsets.UTF_8));
        }
        assertProblem(organizer.get(PATH + "?bom=yes", competition), 400, "validation");
    }

    @Test
    void onlyTheOrganizerGetsTheFile() {
        assertProblem(given().get(PATH, competition), 401, "authentication-required");
        assertProblem(TestUser.participant().get(PATH, competition), 403, "forbidden");
        var other = TestUser.organizer().get(PATH, competition);
        assertThat(other.statusCode()).isEqualTo(403);
        assertThat(other.header("Content-Type")).startsWith("application/problem+json");
        assertProblem(organizer.get(PATH, UUID.randomUUID()), 404, "not-found");
        assertProblem(organizer.get(PATH, "nonsense"), 404, "not-found");
    }

    @Test
    void longWaitlistIsComplete() {
        assertWaitlistIsThere(2_000);
    }

    @FullRun
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void veryLongWaitlistIsCompleteInTime() {
        assertWaitlistIsThere(20_000);
    }

    private void assertWaitlistIsThere(int length) {
        var people = database.createParticipants(length);
        database.execute("""
                INSERT INTO registrations (id, competition_id, participant_id, status, place, created_at)
                SELECT uuid_v7(), ?, p.id, 'waitlisted', p.n, now() + p.n / 7 * interval '1 ms'
                FROM unnest(?) WITH ORDINALITY AS p (id, n)
                """, competition, people.toArray(UUID[]::new));
        database.execute(
                "UPDATE competitions SET waitlisted = ?, last_place = ? WHERE id = ?", length, length, competition);

        var lines = organizer.get(PATH, competition).asString().split("\r\n");

        assertThat(lines).hasSize(length + 1);
        assertThat(java.util.Arrays.stream(lines).skip(1).map(line -> line.substring(0, 36)))
                .containsExactlyElementsOf(database.texts(
                        "SELECT id::text FROM registrations WHERE competition_id = ? ORDER BY created_at, id",
                        competition));
    }
}
