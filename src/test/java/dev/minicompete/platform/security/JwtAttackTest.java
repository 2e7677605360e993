package dev.minicompete.platform.security;

import static dev.minicompete.testing.Problems.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawAnswer;
import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestTokens;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forged and malformed tokens, beyond those of {@link BearerTest}. */
@QuarkusTest
class JwtAttackTest {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final TestTokens tokens = TestServers.tokens();
    private final TestUser user = TestUser.participant();

    @TempDir
    static Path directory;

    /** Headers that bring a key, point to one, or name one. */
    static Stream<Named<Consumer<JsonWebSignature>>> headersThatNameAKey() {
        return Stream.of(
                Named.of("jku", token -> token.setHeader("jku", "https://evil.example/jwks.json")),
                Named.of("jku on this machine", token -> token.setHeader("jku", "file:///etc/passwd")),
                Named.of("x5u", token -> token.setHeader("x5u", "https://evil.example/cert.pem")),
                Named.of("x5c", token -> token.setHeader("x5c", new String[] {"MIIB"})),
                Named.of("crit", token -> token.setHeader("crit", new String[] {"exp"})),
                Named.of("b64", token -> token.setHeader("b64", false)),
                Named.of("no kid", token -> token.getHeaders().setObjectHeaderValue("kid", "")),
                Named.of("a path as kid", token -> token.setKeyIdHeaderValue("../../../../dev/null")),
                Named.of("SQL as kid", token -> token.setKeyIdHeaderValue("x' UNION SELECT 'secret'--")),
                Named.of("a command as kid", token -> token.setKeyIdHeaderValue("$(id)|whoami;")),
                Named.of("a long kid", token -> token.setKeyIdHeaderValue("k".repeat(4_000))),
                Named.of(
                        "another kid",
                        token -> token.setKeyIdHeaderValue("oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY")));
    }

    @ParameterizedTest
    @MethodSource("headersThatNameAKey")
    void tokenOfAnotherKeyIsRejectedWhateverItsHeaderSays(Consumer<JsonWebSignature> header) throws Exception {
        var forged = tokens.unsigned(claims(), AlgorithmIdentifiers.RSA_USING_SHA256);
        header.accept(forged);
        forged.setKey(otherKey().privateKey());
        assertInvalidToken(me(TestTokens.serialize(forged)));
    }

    /** Malformations that a valid signature does not make up for. */
    static Stream<Named<Consumer<JsonWebSignature>>> malformed() {
        return Stream.of(
                Named.of("a key of another name", token -> token.setKeyIdHeaderValue("another")),
                Named.of("a key of no name", token -> token.setKeyIdHeaderValue("")),
                Named.of("a number as kid", token -> token.getHeaders().setObjectHeaderValue("kid", 1)),
                Named.of("an unknown extension", token -> token.setHeader("crit", new String[] {"exp"})),
                Named.of("an expiry said twice", token -> repeat(token, "exp", "9999999999")),
                Named.of("a second role", token -> repeat(token, "groups", "[\"organizer\"]")),
                Named.of("something behind it", token -> token.setPayload(token.getUnverifiedPayload() + "{}")),
                Named.of("an array of claims", token -> token.setPayload("[" + token.getUnverifiedPayload() + "]")),
                Named.of("no claims", token -> token.setPayload("")));
    }

    private static void repeat(JsonWebSignature token, String name, String value) {
        token.setPayload(token.getUnverifiedPayload().replaceFirst("}$", ",\"" + name + "\":" + value + "}"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void validSignatureOverMalformedTokenIsRejected(Consumer<JsonWebSignature> doubt) throws Exception {
        var token = tokens.unsigned(claims(), AlgorithmIdentifiers.RSA_USING_SHA256);
        doubt.accept(token);
        token.setKey(tokens.privateKey());
        assertInvalidToken(me(TestTokens.serialize(token)));
    }

    @Test
    void tokenWithEmbeddedKeyIsRejected() throws Exception {
        var forged = tokens.unsigned(claims(), AlgorithmIdentifiers.RSA_USING_SHA256);
        forged.getHeaders()
                .setJwkHeaderValue(
                        "jwk", PublicJsonWebKey.Factory.newPublicJwk(otherKey().publicKey()));
        forged.setKey(otherKey().privateKey());
        assertInvalidToken(me(TestTokens.serialize(forged)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", "HS256", "RS384", "ES256", "PS256", "dir", "RSA1_5"})
    void otherAlgorithmInTheHeaderIsRejected(String algorithm) {
        var parts = user.token().split("\\.");
        var header = encode("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + tokens.keyId() + "\"}");
        for (var signature : new String[] {"", parts[2], encode("x")}) {
            assertInvalidToken(me(header + "." + parts[1] + "." + signature));
        }
    }

    @Test
    void editedTokenIsRejected() {
        var parts = user.token().split("\\.");
        var organizer = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8).replace("participant", "organizer");
        assertInvalidToken(me(parts[0] + "." + encode(organizer) + "." + parts[2]));
        for (var at : new int[] {0, parts[2].length() / 2}) {
            var edited = new StringBuilder(parts[2]);
            edited.setCharAt(at, edited.charAt(at) == 'A' ? 'B' : 'A');
            assertInvalidToken(me(parts[0] + "." + parts[1] + "." + edited));
        }
        assertInvalidToken(me(parts[0] + "." + parts[1]));
        assertInvalidToken(me(parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[2]));
        for (var appended : new String[] {".", "=", "==", "A"}) {
            assertInvalidToken(me(user.token() + appended));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"exp\":1e999",
                "\"exp\":\"2999-01-01\"",
                "\"exp\":null",
                "\"exp\":[9999999999]",
                "\"exp\":-1",
                "\"aud\":{}",
                "\"groups\":null",
                "\"groups\":{\"a\":1}",
                "\"groups\":[1]",
                "\"sub\":5",
                "\"sub\":null",
                "\"sub\":{\"a\":1}",
                "\"iss\":[\"mini-compete\"]",
                "\"iat\":\"x\"",
                "\"nbf\":99999999999999999999"
            })
    void malformedClaimsCauseNoServerError(String claim) throws Exception {
        var json = claims().toJson();
        var name = claim.substring(1, claim.indexOf('"', 1));
        var odd = json.replaceFirst("\"" + name + "\":(\"[^\"]*\"|\\d+|\\[[^]]*])", claim.replace("\\", "\\\\"));
        if (odd.equals(json)) {
            odd = json.replaceFirst("\\{", "{" + claim + ",");
        }
        var signature = tokens.unsigned(claims(), AlgorithmIdentifiers.RSA_USING_SHA256);
        signature.setPayload(odd);
        signature.setKey(tokens.privateKey());
        var token = TestTokens.serialize(signature);
        for (var path : new String[] {"/api/auth/me", "/api/failed-jobs"}) {
            var answer = new RawRequest("GET", path)
                    .header("Authorization", "Bearer " + token)
                    .send();
            assertThat(answer.status()).as("%s: %s", odd, answer).isIn(200, 401, 403);
            assertThat(path.equals("/api/failed-jobs") && answer.status() == 200)
                    .as("%s: %s", odd, answer)
                    .isFalse();
        }
    }

    @Test
    void tokenIssuedInTheFutureIsRejected() {
        var claims = claims();
        claims.setIssuedAt(TestTokens.in(java.time.Duration.ofMinutes(5)));
        assertInvalidToken(me(tokens.sign(claims)));
    }

    @Test
    void oversizedTokenIsRejected() {
        var claims = claims();
        claims.setStringClaim("x", "x".repeat(30_000));
        var answer = me(tokens.sign(claims));
        assertThat(answer.status()).isEqualTo(431);
        claims.setStringClaim("x", "x".repeat(8_000));
        assertThat(me(tokens.sign(claims)).status()).isIn(200, 401);
    }

    @Test
    void otherSchemesAreRejected() {
        for (var value : new String[] {
            "",
            "Bearer",
            "Bearer ",
            "Basic " + user.token(),
            "JWT " + user.token(),
            user.token(),
            "Token " + user.token(),
            "Bearer" + user.token(),
            "Bearer:" + user.token(),
            "Negotiate x",
            "Digest username=\"x\"",
            "Bearer=" + user.token()
        }) {
            var answer = new RawRequest("GET", "/api/auth/me")
                    .header("Authorization", value)
                    .send();
            assertThat(answer.status()).as("%s: %s", value, answer).isEqualTo(401);
            assertProblem(answer, 401, answer.code());
        }
        for (var value : new String[] {
            "Bearer " + user.token() + " " + user.token(), "Bearer " + user.token() + ",Bearer " + user.token(),
            "Basic YTpi, Bearer " + user.token(), "Bearer x " + user.token()
        }) {
            var answer = new RawRequest("GET", "/api/auth/me")
                    .header("Authorization", value)
                    .send();
            assertThat(answer.status()).as("%s: %s", value, answer).isEqualTo(401);
        }
    }

    @Test
    void tokenInOtherPlacesIsIgnored() {
        for (var target : new String[] {"/api/auth/me?access_token=", "/api/auth/me?token=", "/api/auth/me?jwt="}) {
            assertProblem(new RawRequest("GET", target + user.token()).send(), 401, "authentication-required");
        }
        for (var header : Map.of(
                        "Cookie",
                        "Bearer=" + user.token() + "; access_token=" + user.token() + "; jwt=" + user.token(),
                        "Proxy-Authorization",
                        "Bearer " + user.token(),
                        "X-Access-Token",
                        user.token(),
                        "X-Forwarded-User",
                        user.id().toString())
                .entrySet()) {
            assertProblem(
                    new RawRequest("GET", "/api/auth/me")
                            .header(header.getKey(), header.getValue())
                            .send(),
                    401,
                    "authentication-required");
        }
    }

    private static TestTokens otherKey() throws Exception {
        var pem = directory.resolve("other.pem");
        if (!pem.toFile().exists()) {
            TestTokens.createKey(pem);
        }
        return new TestTokens(pem);
    }

    private JwtClaims claims() {
        return tokens.claims(user.id(), TestTokens.PARTICIPANT);
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    private static RawAnswer me(String token) {
        return new RawRequest("GET", "/api/auth/me")
                .header("Authorization", "Bearer " + token)
                .send();
    }

    private static void assertInvalidToken(RawAnswer answer) {
        assertProblem(answer, 401, "invalid-token");
        assertThat(answer.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
    }
}
