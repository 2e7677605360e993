package dev.minicompete.registration;

import static dev.minicompete.testing.Requests.items;
import static dev.minicompete.testing.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Positions on a waitlist of several blocks with holes. */
@QuarkusTest
class WaitlistPositionTest {

    private static final int WAITING = 700;

    private final TestDatabase database = TestServers.database();
    private final TestUser organizer = TestUser.organizer();
    private final UUID competition =
            database.createCompetition(organizer.id(), Map.of("capacity", 1, "registered", 0, "waitlist", true));

    @Test
    void everyPositionIsTheNumberOfThoseWhoWaitUpToIt() {
        var waiting = database.createParticipants(WAITING);
        database.createWaitlisted(competition, waiting);
        // Some leave, some are promoted; the last of a block, a whole block, and one come back.
        change("confirmed", "place <= 100");
        change("cancelled", "place % 7 = 0 OR place = 256 OR place BETWEEN 257 AND 512");
        change("waitlisted", "place = 300");

        var expected = database.texts("""
                SELECT (row_number() OVER (ORDER BY place))::text FROM registrations
                WHERE competition_id = ? AND status = 'waitlisted' ORDER BY place
                """, competition);
        assertThat(expected.size()).isGreaterThan(200);
        assertThat(listed()).isEqualTo(expected);
        assertThat(database.texts("""
                SELECT position::text FROM (SELECT r.place, %s FROM registrations r
                    WHERE competition_id = ? AND status = 'waitlisted') p ORDER BY place
                """.formatted(WaitlistPosition.COLUMN), competition))
                .isEqualTo(expected);
        new Oracle(database, competition).assertSeatsAreCountedAndNotOversold();
    }

    private void change(String status, String places) {
        database.execute("""
                UPDATE registrations SET status = '%s'
                WHERE competition_id = ? AND (%s) AND (status = 'waitlisted' OR '%s' = 'waitlisted')
                """.formatted(status, places, status), competition);
        database.execute("""
                UPDATE competitions c SET capacity = 1000,
                    waitlisted = (SELECT count(*) FROM registrations WHERE competition_id = c.id AND status = 'waitlisted'),
                    registered = (SELECT count(*) FROM registrations WHERE competition_id = c.id AND status = 'confirmed')
                WHERE id = ?
                """, competition);
    }

    private List<String> listed() {
        var positions = new ArrayList<String>();
        String cursor = null;
        do {
            var answer = organizer.get(
                    "/api/competitions/{id}/registrations?limit=100&status=waitlisted"
                            + (cursor == null ? "" : "&cursor=" + cursor),
                    competition);
            positions.addAll(items(answer, "/waitlistPosition"));
            var next = json(answer).get("nextCursor");
            cursor = next.isNull() ? null : next.asText();
        } while (cursor != null);
        return positions;
    }
}
