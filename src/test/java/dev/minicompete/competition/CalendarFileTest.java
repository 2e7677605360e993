package dev.minicompete.competition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.component.VEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The calendar file conforms to RFC 5545. */
class CalendarFileTest {

    private final Competition competition = new Competition();

    CalendarFileTest() {
        competition.id = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
        competition.title = "Hackathon";
        competition.description = "";
        competition.version = 3;
        competition.createdAt = Instant.parse("2029-12-31T23:59:59.999Z");
        competition.updatedAt = Instant.parse("2030-01-02T03:04:05.678Z");
        competition.startsAt = Instant.parse("2030-11-20T23:59:59Z");
    }

    private String file() {
        return CalendarFile.of(competition, path -> "https://c.example" + path);
    }

    @Test
    void fileHasOneEventInUtcWithoutAbsentFields() {
        assertThat(file()).isEqualTo("""
                BEGIN:VCALENDAR
                VERSION:2.0
                PRODID:-//Mini Compete//Mini Compete//EN
                BEGIN:VEVENT
                UID:01890a5d-ac96-774b-bcce-b302099a8057@mini-compete
                SEQUENCE:3
                DTSTAMP:20300102T030405Z
                CREATED:20291231T235959Z
                LAST-MODIFIED:20300102T030405Z
                DTSTART:20301120T235959Z
                DURATION:PT1H
                SUMMARY:Hackathon
                URL:https://c.example/competitions/01890a5d-ac96-774b-bcce-b302099a8057
                STATUS:CONFIRMED
                END:VEVENT
                END:VCALENDAR
                """.replace("\n", "\r\n"));
    }

    @Test
    void fileHasEndLocationAndDescription() {
        competition.endsAt = Instant.parse("2030-11-21T12:00:00Z");
        competition.location = "Berlin";
        competition.description = "24hr coding";
        assertThat(file())
                .contains("\r\nDTEND:20301121T120000Z\r\n")
                .contains("\r\nLOCATION:Berlin\r\n")
                .contains("\r\nDESCRIPTION:24hr coding\r\n");
    }

    /** Programs show nothing, or a line without a height, where start and end are the same. */
    @Test
    void ical4jReadsAnEventWithALength() throws Exception {
        assertThat(end(parsed())).isEqualTo(competition.startsAt.plus(Duration.ofHours(1)));
        competition.endsAt = Instant.parse("2030-11-21T12:00:00Z");
        assertThat(end(parsed())).isEqualTo(competition.endsAt);
        competition.endsAt = null;
        competition.startsAt = Instant.parse("9999-12-31T23:59:59Z");
        assertThat(end(parsed())).isAfter(competition.startsAt);
    }

    @Test
    void ical4jReadsTheTextsAsTheyWere() throws Exception {
        competition.title = "a;b,c\\d:e\"f 🎉";
        competition.description = "one\ntwo\\n; " + "東".repeat(200);
        competition.location = "Hall 1, \"left\"";
        var event = parsed();
        assertThat(event.getSummary().getValue()).isEqualTo(competition.title);
        assertThat(event.getDescription().getValue()).isEqualTo(competition.description);
        assertThat(event.getLocation().getValue()).isEqualTo(competition.location);
        assertThat(event.getUrl().getUri()).hasToString("https://c.example/competitions/" + competition.id);
    }

    private VEvent parsed() throws Exception {
        var calendar = new CalendarBuilder().build(new StringReader(file()));
        assertThat(calendar.validate().getEntries()).isEmpty();
        return calendar.<VEvent>getComponents().get(0);
    }

    private static Instant end(VEvent event) {
        return Instant.from(event.getEndDate(true).orElseThrow().getDate());
    }

    @Test
    void cancelledCompetitionHasStatusCancelled() {
        competition.cancelledAt = Instant.parse("2030-01-02T03:04:05Z");
        assertThat(file()).contains("\r\nSTATUS:CANCELLED\r\n");
    }

    @Test
    void textIsEscapedAndAddsNoLines() {
        competition.title = "a;b,c\\d:e\"f";
        competition.description = "one\r\ntwo\nthree\rEND:VEVENT\u0007\tx";
        assertThat(file())
                .contains("\r\nSUMMARY:a\\;b\\,c\\\\d:e\"f\r\n")
                .contains("\r\nDESCRIPTION:one\\ntwo\\nthree\\nEND:VEVENT\tx\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "東", "🎉", "a🎉é東"})
    void linesAreFoldedAt75OctetsBetweenCharacters(String part) {
        for (var length = 60; length < 160; length++) {
            competition.title = "-".repeat(length % 7) + part.repeat(length);
            var file = file();
            assertThat(file).endsWith("\r\n");
            for (var line : file.split("\r\n")) {
                assertThat(line).doesNotContain("\r", "\n", "\uFFFD");
                assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(75);
            }
            assertThat(file.replace("\r\n ", "")).contains("\r\nSUMMARY:" + competition.title + "\r\n");
        }
    }

    @Test
    void yearsHaveFourDigits() {
        competition.startsAt = Instant.parse("0001-01-01T00:00:00Z");
        assertThat(file()).contains("\r\nDTSTART:00010101T000000Z\r\n");
    }
}
