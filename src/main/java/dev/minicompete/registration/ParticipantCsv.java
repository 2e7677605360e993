package dev.minicompete.registration;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes participants as CSV (RFC 4180). What a spreadsheet would read as a formula gets an apostrophe before it, as OWASP
 * recommends against CSV injection. This holds for any separator of the spreadsheet: with another one than the comma, a cell can begin
 * within a cell of the file.
 */
final class ParticipantCsv {

    private static final String HEADER = "id,name,email,status,note,registeredAt\r\n";

    /** The first character of a formula, also in full width, at the start of a text or after a separator or a line break. */
    private static final Pattern FORMULA = Pattern.compile("(?<![^;,\t\r\n])(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])");

    /** Tells Excel that the file is UTF-8. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private ParticipantCsv() {}

    /**
     * Writes the header row.
     *
     * @param bom whether the file begins with a byte order mark
     */
    static String header(boolean bom) {
        return bom ? BYTE_ORDER_MARK + HEADER : HEADER;
    }

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
        var harmless = FORMULA.matcher(text).replaceAll("'");
        var quoted = harmless.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
        return quoted ? "\"" + harmless.replace("\"", "\"\"") + "\"" : harmless;
    }
}
