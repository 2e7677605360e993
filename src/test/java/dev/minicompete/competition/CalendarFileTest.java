package dev.minicompete.competition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
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

    @Test
    void fileHasOneEventInUtcWithoutAbsentFields() {
        assertThat(CalendarFile.of(competition)).isEqualTo("""
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
                SUMMARY:Hackathon
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
        assertThat(CalendarFile.of(competition))
                .contains("\r\nDTEND:20301121T120000Z\r\n")
                .contains("\r\nLOCATION:Berlin\r\n")
                .contains("\r\nDESCRIPTION:24hr coding\r\n");
    }

    @Test
    void cancelledCompetitionHasStatusCancelled() {
        competition.cancelledAt = Instant.parse("2030-01-02T03:04:05Z");
        assertThat(CalendarFile.of(competition)).contains("\r\nSTATUS:CANCELLED\r\n");
    }

    @Test
    void textIsEscapedAndAddsNoLines() {
        competition.title = "a;b,c\\d:e\"f";
        competition.description = "one\r\ntwo\nthree\rEND:VEVENT\u0007\tx";
        assertThat(CalendarFile.of(competition))
                .contains("\r\nSUMMARY:a\\;b\\,c\\\\d:e\"f\r\n")
                .contains("\r\nDESCRIPTION:one\\ntwo\\nthree\\nEND:VEVENT\tx\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "東", "🎉", "a🎉é東"})
    void linesAreFoldedAt75OctetsBetweenCharacters(String part) {
        for (var length = 60; length < 160; length++) {
            competition.title = "-".repeat(length % 7) + part.repeat(length);
            var file = CalendarFile.of(competition);
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
        assertThat(CalendarFile.of(competition)).contains("\r\nDTSTART:00010101T000000Z\r\n");
    }
}
