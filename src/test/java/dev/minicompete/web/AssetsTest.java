package dev.minicompete.web;

import static io.restassured.RestAssured.given;
import static io.restassured.config.DecoderConfig.decoderConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.RestAssuredConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class AssetsTest {

    private static final RestAssuredConfig NO_COMPRESSION =
            RestAssuredConfig.config().decoderConfig(decoderConfig().noContentDecoders());

    @ParameterizedTest
    @CsvSource({
        "style.css, text/css;charset=UTF-8, :root",
        "app.js, text/javascript;charset=UTF-8, use strict",
        "htmx.js, text/javascript;charset=UTF-8, htmx",
        "icon.svg, image/svg+xml, <svg"
    })
    void currentFileIsCachedForEver(String name, String type, String part) {
        var address = Assets.address(name);
        assertThat(given().get("/").asString()).contains("\"" + address + "\"");
        var answer = given().get(address);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo(type);
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.asString()).contains(part);
        var plain = given().config(NO_COMPRESSION).get(address);
        assertThat(plain.header("Content-Encoding")).isNull();
        assertThat(plain.asString()).isEqualTo(answer.asString());
    }

    @Test
    void fileOfAnotherVersionIsNotCached() {
        var answer = given().get("/assets/0123456789abcdef/style.css");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(given().get("/assets/0123456789abcdef/nothing.css").statusCode())
                .isEqualTo(404);
    }
}
