package dev.minicompete.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed forms, which no browser sends, get an error page. */
@QuarkusTest
class HostileFormTest {

    private Browser browser;

    @BeforeEach
    void visit() {
        browser = Browser.anonymous();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%=", "a=%", "%zz=%", "email=%f", "=%u0041"})
    void malformedEscapeIsRejected(String form) {
        assertPage(send(form), 400);
        assertPage(send("csrf=" + secret() + "&" + form), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "=", "===&&=", "%", "csrf", "csrf=", "\u0000", "csrf=%00", "a[]=1", "csrf=%ff"})
    void formWithoutTheSecretIsForbidden(String form) {
        assertPage(send(form), 403);
    }

    @Test
    void formWithThousandsOfFieldsIsRead() {
        assertPage(send("a=1&".repeat(10_000) + "csrf=" + secret() + "&email=x&password=y"), 400);
        assertPage(send("a=1&".repeat(10_000)), 403);
    }

    @Test
    void thousandsOfFieldsAreNotRepeatedInThePage() {
        var form = IntStream.range(0, 10_000).mapToObj(i -> i + "=").collect(Collectors.joining("&"));
        var answer = new RawRequest("POST", "/logout")
                .header("Accept", "text/html")
                .body("application/x-www-form-urlencoded", form.getBytes(US_ASCII))
                .send();
        assertPage(answer, 403);
        assertThat(answer.body().length()).isLessThan(20_000);
    }

    @Test
    void firstFieldOfANameCounts() {
        assertPage(send("csrf=x&csrf=" + secret()), 403);
        assertThat(send("csrf=" + secret() + "&email=first%40x.y&email=second%40x.y&password=")
                        .body())
                .contains("first@x.y")
                .doesNotContain("second@x.y");
    }

    private String secret() {
        return browser.cookies().get(Browser.CSRF);
    }

    private RawAnswer send(String form) {
        return new RawRequest("POST", "/login")
                .header("Accept", "text/html")
                .header("Cookie", Browser.CSRF + "=" + secret())
                .body("application/x-www-form-urlencoded", form.getBytes(US_ASCII))
                .send();
    }

    private static void assertPage(RawAnswer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }
}
