package dev.minicompete.registration;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes participants as CSV (RFC 4180). A cell that a spreadsheet would read as a formula gets a leading apostrophe, as OWASP
 * recommends against CSV injection.
 */
final class ParticipantCsv {

    static final String HEADER = "id,name,email,status,note,registeredAt\r\n";

    private static final String FORMULA_STARTS = "=+-@\t\r\n";

    private ParticipantCsv() {}

    /** Writes a line for each participant. */
    static String lines(List<ParticipantView> participants) {
        return participants.stream().map(ParticipantCsv::line).collect(Collectors.joining());
    }

    private static String line(ParticipantView participant) {
        var registration = participant.registration();
        return Stream.of(
                        registration.id().toString(),
                        participant.participant().name(),
                        participant.participant().email(),
                        registration.status().text(),
                        registration.note() == null ? "" : registration.note(),
                        registration.createdAt().toString())
                .map(ParticipantCsv::cell)
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    static String cell(String text) {
        var harmless = !text.isEmpty() && FORMULA_STARTS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        var quoted = harmless.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
        return quoted ? "\"" + harmless.replace("\"", "\"\"") + "\"" : harmless;
    }
}
