package dev.minicompete.platform.http.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only usable values reach Quarkus. What it makes of them is in {@code BehindProxyIT}. */
class ForwardedHeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4;5",
                "[1.2.3.4]",
                "[::1",
                "[::1%eth0]",
                "[]",
                "::1",
                "%00",
                "a b",
                "<script>",
                "user@evil",
                "a/b",
                "a?b",
                "a:99999",
                "a:0",
                "a:",
                "a:b",
                "a:+1",
                ":443",
                "\"a\"",
                "b\u00e4h"
            })
    void malformedHostIsDropped(String value) {
        assertThat(forwarded("X-Forwarded-Host", value)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "EXAMPLE.org:8443",
                "my_app-1",
                "192.0.2.7",
                "192.0.2.7:3000",
                "[2001:db8::1]",
                "[2001:db8::1]:3000",
                "[::ffff:192.0.2.7]",
                "a:65535"
            })
    void hostIsKept(String value) {
        assertThat(forwarded("X-Forwarded-Host", value)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00000", "65536", "99999", "-1", "+1", "x", "1 2"})
    void malformedPortIsDropped(String value) {
        assertThat(forwarded("X-Forwarded-Port", value)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "443", "65535"})
    void portIsKept(String value) {
        assertThat(forwarded("X-Forwarded-Port", value)).isEqualTo(value);
    }

    private static String forwarded(String name, String value) {
        var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        request.headers().set(name, value);
        var channel = new EmbeddedChannel(new ForwardedHeaders());
        channel.writeInbound(request);
        return channel.<HttpRequest>readInbound().headers().get(name);
    }
}
