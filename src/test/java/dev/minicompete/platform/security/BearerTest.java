package dev.minicompete.platform.security;

import static dev.minicompete.testing.Problems.assertProblem;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestTokens;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are accepted, and the challenges for the others (RFC 6750, section 3). */
@QuarkusTest
class BearerTest {

    private final TestTokens tokens = TestServers.tokens();
    private final TestUser user = TestUser.participant();

    @ParameterizedTest
    @ValueSource(strings = {"/api/auth/me", "/api/mailbox", "/api/registrations"})
    void missingTokenIsChallenged(String path) {
        var answer = assertProblem(given().get(path), 401, "authentication-required");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"mini-compete\"");
    }

    @Test
    void missingTokenIsReportedBeforeAMalformedBody() {
        assertProblem(
                given().contentType("application/json").body("{").post("/api/competitions"),
                401,
                "authentication-required");
    }

    @Test
    void wrongRoleIsForbidden() {
        var answer = assertProblem(user.post("/api/competitions", "{"), 403, "forbidden");
        assertThat(answer.header("WWW-Authenticate"))
                .startsWith("Bearer")
                .contains("realm=\"mini-compete\"", "error=\"insufficient_scope\"");
        assertProblem(TestUser.organizer().register(UUID.randomUUID(), "key"), 403, "forbidden");
        assertProblem(TestUser.organizer().get("/api/registrations"), 403, "forbidden");
    }

    @Test
    void validTokenIsAccepted() {
        assertThat(me(tokens.sign(tokens.claims(user.id(), TestTokens.PARTICIPANT)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void schemeIsCaseInsensitive() {
        assertThat(given().header("Authorization", "bEARER " + user.token())
                        .get("/api/auth/me")
                        .statusCode())
                .isEqualTo(200);
    }

    /** RFC 9110, section 11.4: 1*SP. */
    @Test
    void schemeAndTokenMayBeSeveralSpacesApart() {
        assertThat(me("  " + user.token()).statusCode()).isEqualTo(200);
        assertThat(given().header("Authorization", "bearer     " + user.token())
                        .get("/api/mailbox")
                        .statusCode())
                .isEqualTo(200);
        assertInvalidToken(me("\t" + user.token()));
        assertInvalidToken(me(user.token() + " " + user.token()));
        assertProblem(
                given().header("Authorization", "Bearer" + user.token()).get("/api/auth/me"),
                401,
                "authentication-required");
    }

    @Test
    void clockSkewOfSecondsIsTolerated() {
        var claims = claims();
        claims.setExpirationTime(TestTokens.in(Duration.ofSeconds(-5)));
        assertThat(me(tokens.sign(claims)).statusCode()).isEqualTo(200);
    }

    @Test
    void acceptedTokenExpires() {
        var claims = claims();
        claims.setExpirationTime(TestTokens.in(Duration.ofSeconds(-7)));
        var token = tokens.sign(claims);
        assertThat(me(token).statusCode()).isEqualTo(200);
        await().until(() -> me(token).statusCode() == 401);
    }

    static Stream<Named<Consumer<JwtClaims>>> badClaims() {
        return Stream.of(
                Named.of("expired", claims -> claims.setExpirationTime(TestTokens.in(Duration.ofSeconds(-15)))),
                Named.of("never expiring", claims -> claims.unsetClaim("exp")),
                Named.of("of another issuer", claims -> claims.setIssuer("https://evil.example")),
                Named.of("of no issuer", claims -> claims.unsetClaim("iss")),
                Named.of("for another audience", claims -> claims.setAudience("another-api")),
                Named.of("for no audience", claims -> claims.unsetClaim("aud")),
                Named.of("not valid yet", claims -> claims.setNotBefore(TestTokens.in(Duration.ofMinutes(5)))),
                Named.of("about nobody", claims -> claims.unsetClaim("sub")),
                Named.of("about no id", claims -> claims.setSubject("alice")),
                Named.of("about an odd id", claims -> claims.setSubject("1-1-1-1-1")),
                Named.of(
                        "about somebody gone",
                        claims -> claims.setSubject(UUID.randomUUID().toString())));
    }

    @ParameterizedTest
    @MethodSource("badClaims")
    void tokenWithWrongClaimIsRejected(Consumer<JwtClaims> change) {
        var claims = claims();
        change.accept(claims);
        assertInvalidToken(me(tokens.sign(claims)));
    }

    @Test
    void unsignedTokenIsRejected() {
        var none = tokens.unsigned(claims(), AlgorithmIdentifiers.NONE);
        none.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        assertInvalidToken(me(TestTokens.serialize(none)));
    }

    @Test
    void tokenSignedWithThePublicKeyAsHmacSecretIsRejected() {
        var confused = tokens.unsigned(claims(), AlgorithmIdentifiers.HMAC_SHA256);
        confused.setKey(new HmacKey(tokens.publicKey().getEncoded()));
        assertInvalidToken(me(TestTokens.serialize(confused)));
    }

    @ParameterizedTest
    @ValueSource(strings = {AlgorithmIdentifiers.RSA_USING_SHA512, AlgorithmIdentifiers.RSA_PSS_USING_SHA256})
    void otherRsaAlgorithmIsRejected(String algorithm) {
        var token = tokens.unsigned(claims(), algorithm);
        token.setKey(tokens.privateKey());
        assertInvalidToken(me(TestTokens.serialize(token)));
    }

    @Test
    void tokenOfAnotherKeyIsRejected(@TempDir Path directory) throws Exception {
        var pem = directory.resolve("other.pem");
        TestTokens.createKey(pem);
        assertThat(Files.exists(pem)).isTrue();
        assertInvalidToken(me(new TestTokens(pem).sign(claims())));
        // Also when it has the id of our key.
        var forged = tokens.unsigned(claims(), AlgorithmIdentifiers.RSA_USING_SHA256);
        forged.setKey(new TestTokens(pem).privateKey());
        assertInvalidToken(me(TestTokens.serialize(forged)));
    }

    @Test
    void tamperedTokenIsRejected() {
        var parts = user.token().split("\\.");
        var other = tokens.organizer(user.id()).split("\\.");
        assertInvalidToken(me(parts[0] + "." + other[1] + "." + parts[2]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a.b.c", "..", "\"", "eyJhbGciOiJSUzI1NiJ9.e30."})
    void malformedTokenIsRejected(String token) {
        assertInvalidToken(me(token));
    }

    @Test
    void twoAuthorizationHeadersAreRejected() {
        var twice = given().header("Authorization", "Bearer " + user.token(), "Bearer " + user.token());
        assertInvalidToken(twice.get("/api/auth/me"));
        var mixed = given().header("Authorization", "Basic YTpi", "Bearer " + user.token());
        assertInvalidToken(mixed.get("/api/mailbox"));
    }

    @Test
    void tokenOutsideTheAuthorizationHeaderIsIgnored() {
        var answers = List.of(
                given().queryParam("access_token", user.token()).get("/api/auth/me"),
                given().cookie("Bearer", user.token()).get("/api/auth/me"),
                given().cookie("access_token", user.token()).get("/api/auth/me"),
                given().header("X-Authorization", "Bearer " + user.token()).get("/api/auth/me"));
        answers.forEach(answer -> assertProblem(answer, 401, "authentication-required"));
    }

    @Test
    void tokenOfDeletedAccountIsRejected() {
        var participant = TestUser.participant();
        var organizer = TestUser.organizer();
        var competition = TestServers.database().createCompetition(1);
        TestServers.database().execute("DELETE FROM users WHERE id IN (?, ?)", participant.id(), organizer.id());
        assertInvalidToken(participant.register(competition, "key"));
        assertInvalidToken(organizer.post(
                "/api/competitions", "{\"title\":\"x\",\"capacity\":1,\"regDeadline\":\"2999-01-01T00:00:00Z\"}"));
    }

    private JwtClaims claims() {
        return tokens.claims(user.id(), TestTokens.PARTICIPANT);
    }

    private static Response me(String token) {
        return given().header("Authorization", "Bearer " + token).get("/api/auth/me");
    }

    private static void assertInvalidToken(Response answer) {
        assertProblem(answer, 401, "invalid-token");
        assertThat(answer.header("WWW-Authenticate"))
                .startsWith("Bearer")
                .contains("realm=\"mini-compete\"", "error=\"invalid_token\"");
    }
}
