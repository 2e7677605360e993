package dev.minicompete.platform.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A .env file is read as other tools read it. */
class DotEnvTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "A=b                  | b",
                "A=                   | ~~",
                "A = b                | b",
                "  export A=b         | b",
                "A=b c                | b c",
                "A=b # c              | b",
                "A= # c               | ~~",
                "A=b#c                | b#c",
                "A=#b                 | #b",
                "A='b # c'            | b # c",
                "A='b' # c            | b",
                "A=\"b # c\" # d      | b # c",
                "A=\"b\\\"c\"         | b\"c",
                "A=\"b\\\\c\\$\\d\"   | b\\c$\\d",
                "A='b\\n'             | b\\n",
                "A=b\\n               | b\\n",
                "A=\"\"               | ~~",
                "A=''                 | ~~",
                "A=b'c'               | b'c'",
                "A=\"b                | \"b",
                "A=\"b\"c             | \"b\"c",
                "A=b=c                | b=c",
                "A=$b${c}+{d}         | $b${c}+{d}",
                "A=redis://:p@h/1?x=y | redis://:p@h/1?x=y"
            })
    void valueIsWhatShellsAndComposeRead(String line, String value) {
        assertThat(DotEnv.parse(line)).containsExactly(Map.entry("A", value));
        assertThat(DotEnv.parse("X=y\r\n" + line + "\r\nZ=z"))
                .containsEntry("A", value)
                .containsEntry("Z", "z");
    }

    @Test
    void commentsAndOtherLinesAreIgnored() {
        assertThat(DotEnv.parse("#A=b\n  # A=c\n\nnonsense\n- A\nB=c")).isEqualTo(Map.of("B", "c"));
    }

    @Test
    void quotedValueMayHaveSeveralLines() {
        assertThat(DotEnv.parse("A=\"b\nc\\nd\"\nB='e\nf'\nC=g"))
                .isEqualTo(Map.of("A", "b\nc\nd", "B", "e\nf", "C", "g"));
    }

    @Test
    void lastOfSeveralValuesCounts() {
        assertThat(DotEnv.parse("A=b\nA=c")).isEqualTo(Map.of("A", "c"));
    }

    @Test
    void missingFileHasNoVariables(@TempDir Path directory) throws IOException {
        assertThat(DotEnv.read(directory.resolve(".env"))).isEmpty();
    }
}
