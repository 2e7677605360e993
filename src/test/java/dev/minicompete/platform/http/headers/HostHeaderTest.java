package dev.minicompete.platform.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:3000",
                "api.example.org",
                "mini_compete:80",
                "127.0.0.1:65535",
                "a:",
                "[::1]",
                "[::1]:3000",
                "[2001:db8::1]"
            })
    void acceptsNamesAndAddressesWithOrWithoutPort(String host) {
        assertThat(RequestFilter.isHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ", "a b", "a/b", "a@b", "a?b", "a#b", "a\\b", "a%20", "<a>", "\u00e9", "a:b", "a:-1", "a:65536",
                "a:99999999999", "a:1:2", "[", "[]", "[::1", "[::1]a", "[::1]:x", "[x]", "[1]", "]", "::1", "a\tb",
                        "a,b"
            })
    void rejectsMalformedHosts(String host) {
        assertThat(RequestFilter.isHost(host)).isFalse();
    }
}
