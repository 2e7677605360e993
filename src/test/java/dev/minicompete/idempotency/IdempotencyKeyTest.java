package dev.minicompete.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.ProblemException;
import dev.minicompete.platform.http.problem.ProblemType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {"abc123 abc123", "\"abc123\" abc123", "a\"b a\"b", "\"a\"b\" a\"b", "!~ !~", "\"\"\" \""})
    void bareAndQuotedKeyAreAccepted(String header, String text) {
        assertThat(IdempotencyKey.of(List.of(header)).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"", "\"\"", "\"abc", "abc\"", "a b", "a\tb", "ä", "a\u0000", "a\u007f", "😀"})
    void invalidKeyIsRejected(String header) {
        assertRefused(List.of(header), ProblemType.IDEMPOTENCY_KEY_INVALID);
    }

    @Test
    void quotesDoNotCountTowardsTheLength() {
        var longest = "k".repeat(255);
        assertThat(IdempotencyKey.of(List.of('"' + longest + '"'))).isEqualTo(IdempotencyKey.of(List.of(longest)));
        assertRefused(List.of(longest + "k"), ProblemType.IDEMPOTENCY_KEY_INVALID);
    }

    @Test
    void repeatedHeaderIsRejected() {
        assertRefused(List.of("a", "a"), ProblemType.IDEMPOTENCY_KEY_INVALID);
        assertRefused(List.of(), ProblemType.IDEMPOTENCY_KEY_MISSING);
        assertRefused(null, ProblemType.IDEMPOTENCY_KEY_MISSING);
    }

    private static void assertRefused(List<String> header, ProblemType type) {
        assertThatThrownBy(() -> IdempotencyKey.of(header))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }
}
