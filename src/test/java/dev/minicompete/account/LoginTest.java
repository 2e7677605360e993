package dev.minicompete.account;

import static dev.minicompete.testing.Problems.assertInvalid;
import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class LoginTest {

    private final TestDatabase database = TestServers.database();

    @BeforeEach
    void deleteFailures() {
        database.execute("DELETE FROM login_failures");
    }

    @Test
    void rightPasswordLogsIn() {
        var user = database.createOrganizer();
        var answer = logIn(user + "@example.com", TestDatabase.PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getMap("$")).containsOnlyKeys("accessToken", "tokenType", "expiresIn", "user");
        assertThat(answer.jsonPath().getString("user.id")).isEqualTo(user.toString());
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void addressIsCaseInsensitive() {
        var email = database.createOrganizer() + "@example.com";
        assertThat(logIn(" " + email.toUpperCase(Locale.ROOT), TestDatabase.PASSWORD)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void unknownAddressAndWrongPasswordGetTheSameResponse() {
        var email = database.createOrganizer() + "@example.com";
        var wrong = assertProblem(logIn(email, "wrong-password"), 401, "bad-credentials");
        var unknown = assertProblem(logIn(UUID.randomUUID() + "@example.com", "pass123"), 401, "bad-credentials");
        assertThat(unknown.asString()).isEqualTo(wrong.asString());
        var names = wrong.headers().asList().stream()
                .map(header -> header.getName())
                .toList();
        assertThat(unknown.headers().asList().stream().map(header -> header.getName()))
                .isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"  spaced  ", "Grüße-ñ", "e\u0301tude7", "\u00e9tude7x", "tab\tand\nline", "😀😀😀😀😀😀😀"})
    void passwordIsKeptVerbatim(String password) {
        var email = UUID.randomUUID() + "@example.com";
        given().contentType(ContentType.JSON)
                .body(Map.of("name", "x", "email", email, "password", password, "role", "participant"))
                .post("/api/auth/signup")
                .then()
                .statusCode(201);
        assertThat(logIn(email, password).statusCode()).isEqualTo(200);
        assertProblem(logIn(email, password.strip() + "x"), 401, "bad-credentials");
        if (!password.equals(password.strip())) {
            assertProblem(logIn(email, password.strip()), 401, "bad-credentials");
        }
    }

    @Test
    void lastOf128CharactersIsCompared() {
        var email = UUID.randomUUID() + "@example.com";
        var password = "p".repeat(127);
        given().contentType(ContentType.JSON)
                .body(Map.of("name", "x", "email", email, "password", password + "1", "role", "participant"))
                .post("/api/auth/signup")
                .then()
                .statusCode(201);
        assertProblem(logIn(email, password + "2"), 401, "bad-credentials");
        assertThat(logIn(email, password + "1").statusCode()).isEqualTo(200);
    }

    @Test
    void impossiblePasswordIsWrong() {
        var email = database.createOrganizer() + "@example.com";
        assertProblem(logIn(email, ""), 401, "bad-credentials");
        assertProblem(logIn(email, "x".repeat(60_000)), 401, "bad-credentials");
    }

    @Test
    void emailAndPasswordAreRequired() {
        var answer = given().contentType(ContentType.JSON).body("{}").post("/api/auth/login");
        assertInvalid(answer, "/email", "/password");
    }

    @Test
    void tokenHasTheClaimsOfTheContract() throws Exception {
        var user = database.createUsers(1, TestTokens.ORGANIZER).get(0);
        var token =
                logIn(user + "@example.com", TestDatabase.PASSWORD).jsonPath().getString("accessToken");
        var keys = new JsonWebKeySet(given().get("/.well-known/jwks.json").asString());
        var verified = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.getJsonWebKeys()))
                .setExpectedIssuer("mini-compete")
                .setExpectedAudience("mini-compete-api")
                .build()
                .process(token);
        var claims = verified.getJwtClaims();
        assertThat(claims.getSubject()).isEqualTo(user.toString());
        assertThat(claims.getStringListClaimValue("groups")).containsExactly("organizer");
        assertThat(claims.getJwtId()).isNotBlank();
        assertThat(claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue())
                .isEqualTo(3600);
        assertThat(claims.getIssuedAt().getValue())
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        var header = verified.getJoseObjects().get(0);
        assertThat(header.getAlgorithmHeaderValue()).isEqualTo("RS256");
        assertThat(header.getKeyIdHeaderValue()).isEqualTo(TestServers.tokens().keyId());
    }

    @Test
    void keySetHasPublicKeysOnly() {
        var json = given().get("/.well-known/jwks.json").jsonPath();
        assertThat(json.getList("keys")).hasSize(1);
        assertThat(json.getMap("keys[0]")).containsOnlyKeys("kty", "use", "alg", "kid", "n", "e");
    }

    private static Response logIn(String email, String password) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/auth/login");
    }
}
