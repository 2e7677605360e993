package dev.minicompete.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000, http://localhost:3000/mailbox, localhost",
        "https://compete.example.org/, https://compete.example.org/mailbox, compete.example.org",
        "https://example.org/compete, https://example.org/compete/mailbox, example.org",
        "http://192.0.2.7:8080, http://192.0.2.7:8080/mailbox, [192.0.2.7]",
        "http://[2001:db8::1]:80, http://[2001:db8::1]:80/mailbox, [IPv6:2001:db8::1]"
    })
    void linksBeginWithItAndMailsNameItsHost(String url, String link, String domain) {
        assertThat(new PublicUrl(url).of("/mailbox")).isEqualTo(link);
        assertThat(new PublicUrl(url).mailDomain()).isEqualTo(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "compete.example.org",
                "ftp://example.org",
                "https://",
                "https:///path",
                "https://a b",
                "https://user:secret@example.org",
                "https://example.org?x=1",
                "https://example.org/#top",
                "https://exämple.org",
                "javascript:alert(1)"
            })
    void otherTextsAreRejected(String url) {
        assertThatThrownBy(() -> PublicUrl.check(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not an address");
    }
}
