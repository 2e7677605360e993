package dev.minicompete.platform.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values are what shells and Docker Compose read; what has no clear meaning is rejected. */
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
                "A=b=c                | b=c",
                "A=$b${c}+{d}         | $b${c}+{d}",
                "A=redis://:p@h/1?x=y | redis://:p@h/1?x=y"
            })
    void valueIsRead(String line, String value) {
        assertThat(DotEnv.parse(line)).containsExactly(Map.entry("A", value));
        assertThat(DotEnv.parse("X=y\r\n" + line + "\r\nZ=z"))
                .containsEntry("A", value)
                .containsEntry("Z", "z");
    }

    @Test
    void commentsAndEmptyLinesAreIgnored() {
        assertThat(DotEnv.parse("#A=b\n  # A='c\n\n \t\nB=c\n#")).isEqualTo(Map.of("B", "c"));
        assertThat(DotEnv.parse("")).isEmpty();
        assertThat(DotEnv.parse(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "- secret", "export secret", "secret: x", "a-b=secret", "=secret", "export"})
    void lineThatIsNoAssignmentIsRejectedWithItsNumber(String line) {
        assertRejected("A='b\nc'\r\n\n" + line + "\nD=e", ".env, line 4: neither NAME=value nor a comment");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "B=\"secret",
                "B='secret",
                "export B = 'secret",
                "B=\"secret\"x",
                "B='secret'#x",
                "B=\"secret\\\""
            })
    void valueWithoutItsClosingQuoteIsRejectedWithItsLine(String line) {
        var message = ".env, line 2: the value begins with a quote but does not end with one";
        assertRejected("A=b\n" + line, message);
        assertRejected("A=b\n" + line + "\nC=d\nE=f\n", message);
    }

    private static void assertRejected(String text, String message) {
        assertThatThrownBy(() -> DotEnv.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void longQuotedValueIsRead() {
        var value = "b \\\\ ".repeat(20_000);
        assertThat(DotEnv.parse("A='" + value + "'")).containsEntry("A", value);
        assertThat(DotEnv.parse("A=\"" + value + "\"")).containsEntry("A", value.replace("\\\\", "\\"));
    }

    @Test
    void byteOrderMarkDoesNotBelongToTheFirstVariable(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve(".env"), "\uFEFFA=b\nC=\uFEFFd\n");
        assertThat(DotEnv.read(file)).isEqualTo(Map.of("A", "b", "C", "\uFEFFd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "UTF-16"})
    void fileThatIsNotUtf8IsRejected(String charset, @TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve(".env"), "A=bäh\n", Charset.forName(charset));
        assertThatThrownBy(() -> DotEnv.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(".env is not UTF-8");
    }

    @Test
    void fileThatCannotBeReadIsRejected(@TempDir Path directory) {
        assertThatThrownBy(() -> DotEnv.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(".env cannot be read: ");
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
    void missingFileHasNoVariables(@TempDir Path directory) {
        assertThat(DotEnv.read(directory.resolve(".env"))).isEmpty();
    }
}
