package dev.minicompete.platform.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    private final Checks checks = new Checks();

    @ParameterizedTest
    @ValueSource(strings = {" x ", "\tx\n", "\u00a0x\u3000", "\u2028x\u2029", "\u0085x\u1680"})
    void surroundingWhiteSpaceIsRemoved(String text) {
        assertThat(Text.line(checks, "/x", text, 1)).isEqualTo("x");
        assertThat(Text.block(checks, "/x", text, 1)).isEqualTo("x");
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "Ωmega", "名前", "e\u0301", "👩‍👩‍👧", "العربية", "שלום", "a\u200db", "𝒳"})
    void ordinaryTextIsAccepted(String line) {
        assertThat(Text.line(checks, "/x", line, 20)).isEqualTo(line);
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \u3000",
                "a\u0000b",
                "a\u001bb",
                "a\u007fb",
                "a\u0085b",
                "a\nb",
                "a\u2028b",
                "a\u200eb",
                "a\u061cb",
                "a\u202eb",
                "a\u2066b",
                "\u200b",
                "\u200d\u2060",
                "\u00ad",
                "\u0301",
                "\u3164",
                "\u115f\u1160",
                "\u2800",
                "\ue000",
                "\ufe0f",
                "\udb40\udc41"
            })
    void linesRejectControlAndInvisibleCharacters(String line) {
        Text.line(checks, "/x", line, 20);
        assertThatThrownBy(checks::throwIfInvalid)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().errors())
                                .singleElement()
                                .satisfies(violation ->
                                        assertThat(violation.pointer()).isEqualTo("/x")));
    }

    @Test
    void blocksMayBeEmptyOrHaveLines() {
        assertThat(Text.block(checks, "/x", "a\n\tb", 4)).isEqualTo("a\n\tb");
        assertThat(Text.block(checks, "/x", "  ", 4)).isEmpty();
        assertThat(Text.line(checks, "/x", null, 4)).isNull();
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
    }

    @Test
    void lengthsCountCodePointsAfterTrimming() {
        Text.line(checks, "/x", " 😀😀 ", 2);
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
        Text.line(checks, "/x", "😀😀x", 2);
        assertThatThrownBy(checks::throwIfInvalid).hasMessageContaining("at most 2 characters");
    }
}
