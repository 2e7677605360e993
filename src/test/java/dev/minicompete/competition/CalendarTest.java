package dev.minicompete.competition;

import static dev.minicompete.testing.Problems.assertProblem;
import static dev.minicompete.testing.Requests.patch;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The download of the calendar file; {@link CalendarFileTest} checks its contents. */
@QuarkusTest
class CalendarTest {

    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            TestServers.database().createCompetition(organizer.id(), Map.of("title", "Zoë 東京"));

    @Test
    void anybodyMayDownloadTheFile() {
        var answer = calendar();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/calendar").containsIgnoringCase("charset=utf-8");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"competition-" + competition + ".ics\"");
        assertThat(text(answer))
                .startsWith("BEGIN:VCALENDAR\r\n")
                .contains("\r\nSUMMARY:Zoë 東京\r\n", "\r\nDURATION:PT1H\r\n")
                .contains("/competitions/" + competition + "\r\nSTATUS");
    }

    @Test
    void editKeepsUidAndRaisesSequence() {
        assertThat(text(calendar())).contains("\r\nUID:" + competition + "@mini-compete\r\nSEQUENCE:1\r\n");
        patch(organizer, competition, "{\"startsAt\":\"2090-01-31T12:00:00+01:00\",\"location\":\"Berlin\"}");
        assertThat(text(calendar()))
                .contains("\r\nUID:" + competition + "@mini-compete\r\nSEQUENCE:2\r\n")
                .contains("\r\nDTSTART:20900131T110000Z\r\n", "\r\nLOCATION:Berlin\r\n");
    }

    @Test
    void cancelledCompetitionIsMarked() {
        organizer.request().post("/api/competitions/{id}/cancel", competition);
        assertThat(text(calendar())).contains("\r\nSEQUENCE:2\r\n", "\r\nSTATUS:CANCELLED\r\n");
    }

    @Test
    void unknownCompetitionIsNotFound() {
        assertProblem(given().get("/api/competitions/{id}/calendar.ics", UUID.randomUUID()), 404, "not-found");
        assertProblem(given().get("/api/competitions/nonsense/calendar.ics"), 404, "not-found");
    }

    private Response calendar() {
        return given().get("/api/competitions/{id}/calendar.ics", competition);
    }

    /** The file with its long lines unfolded. */
    private static String text(Response answer) {
        return new String(answer.asByteArray(), StandardCharsets.UTF_8).replace("\r\n ", "");
    }
}
