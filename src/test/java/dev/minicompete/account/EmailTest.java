package dev.minicompete.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.minicompete.platform.http.problem.Checks;
import dev.minicompete.platform.http.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTest {

    private final Checks checks = new Checks();

    @ParameterizedTest
    @CsvSource({
        "alice@example.com, alice@example.com",
        "' Alice@EXAMPLE.com ', alice@example.com",
        "a.b+c_d-e@sub.example.co.uk, a.b+c_d-e@sub.example.co.uk",
        "'o''brien@example.com', 'o''brien@example.com'",
        "root@localhost, root@localhost",
        "x@xn--bcher-kva.example, x@xn--bcher-kva.example",
        "a.b.c@example.com, a.b.c@example.com",
        "!#$%&*+/=?^_`{|}~-@example.com, !#$%&*+/=?^_`{|}~-@example.com"
    })
    void addressIsNormalized(String text, String normal) {
        assertThat(Email.normalize(checks, "/email", text)).isEqualTo(normal);
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alice",
                "alice@",
                "@example.com",
                "alice@@example.com",
                "alice@example..com",
                "alice@.example.com",
                "alice@example.com.",
                "alice@exam ple.com",
                "alice@-example.com",
                "alice@example-.com",
                "alice@exam_ple.com",
                "älice@example.com",
                "alice@exämple.com",
                "\u212aate@example.com",
                "al\u0131ce@example.com",
                "alice@example.com\nbcc:eve@example.com",
                "\"alice smith\"@example.com",
                "alice@[127.0.0.1]",
                "<alice@example.com>",
                ".alice@example.com",
                "alice.@example.com",
                "al..ice@example.com",
                ".@example.com",
                "..@example.com"
            })
    void malformedAddressIsRejected(String text) {
        Email.normalize(checks, "/email", text);
        assertThatThrownBy(checks::throwIfInvalid).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".alice@example.com", "alice.@example.com", "al..ice@example.com"})
    void existingAccountKeepsAnAddressWithMisplacedDots(String address) {
        assertThat(Email.normalizeExisting(checks, "/email", address)).isEqualTo(address);
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
    }

    @Test
    void localPartHasAtMost64Characters() {
        Email.normalize(checks, "/email", "a".repeat(32) + "." + "b".repeat(31) + "@example.com");
        assertThatCode(checks::throwIfInvalid).doesNotThrowAnyException();
        Email.normalize(checks, "/email", "a".repeat(32) + "." + "b".repeat(32) + "@example.com");
        assertThatThrownBy(checks::throwIfInvalid).isInstanceOf(ProblemException.class);
    }
}
