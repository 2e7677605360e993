package dev.minicompete.platform.http.headers;

import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ResponseHeadersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/competitions", "/.well-known/jwks.json", "/q/openapi", "/api/nothing", "/api/auth/me"})
    void everyResponseHasTheSecurityHeaders(String path) {
        var answer = given().get(path);
        assertSecurityHeaders(answer);
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.headers().hasHeaderWithName("Strict-Transport-Security"))
                .as("the request came by http")
                .isFalse();
        assertSecurityHeaders(given().head(path));
        assertSecurityHeaders(given().options(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/auth/me", "/api/mailbox", "/api/registrations", "/api/competitions", "/api/nothing"})
    void authenticatedResponsesAreNotStored(String path) {
        var answer = TestUser.participant().get(path);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertSecurityHeaders(answer);
    }

    @Test
    void authenticatedCompetitionIsNotStored() {
        var organizer = TestUser.organizer();
        var id = TestServers.database().createCompetition(organizer.id(), Map.of());
        assertThat(organizer.get("/api/competitions/{id}", id).header("Cache-Control"))
                .isEqualTo("no-store");
        assertThat(given().get("/api/competitions/{id}", id).header("Cache-Control"))
                .isEqualTo("no-cache");
    }

    @Test
    void untrustedPeerCannotSetForwardedProto() {
        var answer = given().header("X-Forwarded-Proto", "https").get("/api/competitions");
        assertThat(answer.headers().hasHeaderWithName("Strict-Transport-Security"))
                .isFalse();
    }

    @Test
    void otherOriginsGetNoCorsHeaders() {
        var answer = given().header("Origin", "https://app.example.org").get("/api/competitions");
        assertThat(answer.headers().asList())
                .noneMatch(header -> header.getName().toLowerCase(Locale.ROOT).startsWith("access-control"));
    }

    @Test
    void jsonIsUtf8() {
        var answer = given().get("/api/competitions");
        assertThat(answer.contentType()).matches("application/json(;\\s*charset=UTF-8)?");
    }

    @Test
    void headAnswersLikeGetWithoutABody() {
        var answer = given().head("/api/competitions");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString()).isEmpty();
    }
}
