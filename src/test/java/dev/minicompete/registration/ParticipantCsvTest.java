package dev.minicompete.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParticipantCsvTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bob", "O'Neil", "Zoë 東京 🎉", "a=b", "3-2", "bob@example.com", "a;b", " x", "\tx", "'=1"})
    void harmlessTextIsUnchanged(String text) {
        assertThat(ParticipantCsv.cell(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "=", "==1", "＝1+1", "＋1", "－1", "＠SUM(A1)"})
    void formulaGetsAnApostropheAtEachPlaceWhereACellCanBegin(String formula) {
        assertThat(ParticipantCsv.cell(formula)).isEqualTo("'" + formula);
        for (var separator : List.of(";", "\t", "a;", ";;", "=;")) {
            var start = separator.startsWith("=") ? "'" : "";
            assertThat(ParticipantCsv.cell(separator + formula)).isEqualTo(start + separator + "'" + formula);
        }
        for (var separator : List.of(",", "\n", "\r", "\r\n", "a\n", "a,b;")) {
            assertThat(ParticipantCsv.cell(separator + formula)).isEqualTo("\"" + separator + "'" + formula + "\"");
        }
    }

    /** In a file whose cells are separated by semicolons this would be three cells, each with a formula. */
    @Test
    void everyFormulaOfATextGetsAnApostrophe() {
        assertThat(ParticipantCsv.cell("=1;+2\n-3;a=4;@5")).isEqualTo("\"'=1;'+2\n'-3;a=4;'@5\"");
    }

    @Test
    void separatorsQuotesAndLineBreaksAreQuoted() {
        assertThat(ParticipantCsv.cell("a,b")).isEqualTo("\"a,b\"");
        assertThat(ParticipantCsv.cell("say \"hi\"")).isEqualTo("\"say \"\"hi\"\"\"");
        assertThat(ParticipantCsv.cell("a\nb")).isEqualTo("\"a\nb\"");
        assertThat(ParticipantCsv.cell("a\r\nb")).isEqualTo("\"a\r\nb\"");
    }

    @Test
    void formulaWithSeparatorGetsApostropheAndQuotes() {
        assertThat(ParticipantCsv.cell("=HYPERLINK(\"http://x\",\"y\")"))
                .isEqualTo("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    }

    @Test
    void lineHasTheColumnsOfTheHeaderAndEndsWithCrLf() {
        var id = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
        var view = new RegistrationView(id, id, id, RegistrationStatus.CONFIRMED, null, null, Instant.EPOCH, null);
        var lines = ParticipantCsv.lines(
                List.of(new ParticipantView(view, new ParticipantView.Participant(id, "Bob, Jr.", "bob@example.com"))));
        assertThat(ParticipantCsv.header(false)).isEqualTo("id,name,email,status,note,registeredAt\r\n");
        assertThat(lines).isEqualTo(id + ",\"Bob, Jr.\",bob@example.com,confirmed,,1970-01-01T00:00:00Z\r\n");
    }
}
