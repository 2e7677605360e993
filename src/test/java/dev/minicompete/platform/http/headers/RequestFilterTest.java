package dev.minicompete.platform.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFilterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/api/competitions",
                "/.well-known/jwks.json",
                "/a.b/..c/...",
                "/x/.y/z.",
                "/a/",
                "/~a/b_c-d",
                "/app.12ab.js",
                "/@x/y:z,w!$&'()*+=",
                "/a/.b./c",
                "*"
            })
    void acceptsUnambiguousPaths(String path) {
        assertThat(RequestFilter.isUnambiguous(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "/a//b",
                "/a//",
                "/.",
                "/..",
                "/./a",
                "/../a",
                "/a/./b",
                "/a/../b",
                "/a/.",
                "/a/..",
                "/a;b",
                "/%61",
                "/a%2fb",
                "/a%5Cb",
                "/a\\b",
                "/a b",
                "/a\tb",
                "/a\u0000",
                "/\u007f",
                "/\u00e9",
                "/\uff0f"
            })
    void rejectsAmbiguousPaths(String path) {
        assertThat(RequestFilter.isUnambiguous(path)).isFalse();
    }
}
