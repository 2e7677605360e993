package dev.minicompete.web;

import static dev.minicompete.testing.Problems.assertProblem;
import static dev.minicompete.testing.Problems.assertSecurityHeaders;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestTokens;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-up, log-in, log-out, and the limits of the session cookie. */
@QuarkusTest
class SessionTest {

    private static String newEmail() {
        return UUID.randomUUID() + "@example.com";
    }

    @Test
    void signUpLogsIn() {
        var browser = Browser.anonymous();
        var answer = browser.post(
                "/signup", "name", "Zoë", "email", newEmail(), "password", "pass123", "role", "participant");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/?done=signed-up");
        var cookie = answer.detailedCookie(Browser.SESSION);
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.isSecured()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Strict");
        assertThat(cookie.getPath()).isEqualTo("/");
        assertThat(cookie.getMaxAge()).isEqualTo(Duration.ofHours(1).toSeconds());
        assertThat(cookie.hasDomain()).isFalse();
        assertThat(browser.get("/").asString()).contains("Zoë", "Log out").doesNotContain("Log in</a>");
    }

    @Test
    void logoutEndsTheSession() {
        var browser = Browser.of(TestUser.participant());
        assertThat(browser.get("/registrations").statusCode()).isEqualTo(200);
        var answer = browser.post("/logout");
        assertThat(answer.header("Location")).isEqualTo("/?done=logged-out");
        assertThat(answer.detailedCookie(Browser.SESSION).getMaxAge()).isZero();
        assertThat(browser.cookies()).doesNotContainKey(Browser.SESSION);
        assertThat(browser.get("/registrations").statusCode()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/auth/me",
                "/api/mailbox",
                "/api/registrations",
                "//api/auth/me",
                "/./api/auth/me",
                "/%61pi/auth/me",
                "/login/../api/auth/me",
                "/api;x=y/auth/me"
            })
    void apiRejectsTheSessionCookie(String path) {
        var cookies = Browser.of(TestUser.participant()).cookies();
        var answer = given().urlEncodingEnabled(false).cookies(cookies).get(path);
        assertThat(answer.statusCode()).isIn(401, 404);
        assertThat(answer.asString()).doesNotContain("@example.com");
    }

    @Test
    void sessionCookieCannotChangeAnythingThroughTheApi() {
        var organizer = TestUser.organizer();
        var competition = TestServers.database().createCompetition(organizer.id(), Map.of());
        var cookies = Browser.of(organizer).cookies();
        assertProblem(
                given().cookies(cookies).post("/api/competitions/{id}/cancel", competition),
                401,
                "authentication-required");
    }

    @Test
    void pagesRejectBearerTokens() {
        var answer = TestUser.participant()
                .request()
                .redirects()
                .follow(false)
                .accept("text/html")
                .get("/registrations");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/login?next=%2Fregistrations");
    }

    @Test
    void wrongPasswordIsShownAndTheAddressKept() {
        var email = newEmail();
        var answer = Browser.anonymous().post("/login", "email", email, "password", "wrong-password");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.asString())
                .contains("The e-mail address or the password is wrong.", "value=\"" + email + "\"")
                .doesNotContain("wrong-password");
        assertThat(answer.headers().hasHeaderWithName("WWW-Authenticate")).isFalse();
    }

    @Test
    void tooManyFailedLoginsAreExplained() {
        var browser = Browser.anonymous();
        var email = newEmail();
        for (var i = 0; i < 5; i++) {
            assertThat(browser.post("/login", "email", email, "password", "wrong")
                            .statusCode())
                    .isEqualTo(401);
        }
        var answer = browser.post("/login", "email", email, "password", "wrong");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.asString()).contains("Too many failed log-ins", "seconds");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
    }

    @Test
    void signUpErrorsAreShownAtTheirFields() {
        var answer = Browser.anonymous()
                .post("/signup", "name", " ", "email", "no address", "password", "short", "role", "admin");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.asString())
                .contains("href=\"#name\"", "href=\"#email\"", "href=\"#password\"", "href=\"#role\"")
                .contains("aria-invalid=\"true\" aria-describedby=\"email-error\"", "value=\"no address\"")
                .contains("E-mail address must be like name@example.com, without accents or umlauts.")
                .doesNotContain("short");
    }

    @Test
    void takenAddressIsShownAtItsField() {
        var taken = TestUser.participant().id() + "@example.com";
        var answer = Browser.anonymous()
                .post("/signup", "name", "Bob", "email", taken, "password", "pass123", "role", "participant");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.asString()).contains("already has an account").contains("value=\"Bob\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "//evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/\t/evil.example",
                "javascript:alert(1)",
                "evil",
                ""
            })
    void loginRedirectsToThisSiteOnly(String next) {
        var user = TestUser.participant();
        var answer = Browser.anonymous()
                .post("/login", "email", user.id() + "@example.com", "password", TestDatabase.PASSWORD, "next", next);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/");
        var page = given().redirects().follow(false).queryParam("next", next).get("/login");
        assertThat(Browser.field(page, "next")).isEqualTo("/");
    }

    @Test
    void loginRedirectsBack() {
        var user = TestUser.participant();
        var browser = Browser.anonymous();
        var lost = browser.get("/registrations?done=x");
        assertThat(lost.statusCode()).isEqualTo(303);
        assertThat(lost.header("Location")).isEqualTo("/login?next=%2Fregistrations%3Fdone%3Dx");
        var next = Browser.field(browser.get(lost.header("Location")), "next");
        var answer = browser.post(
                "/login", "email", user.id() + "@example.com", "password", TestDatabase.PASSWORD, "next", next);
        assertThat(answer.header("Location")).isEqualTo("/registrations?done=x");
    }

    @Test
    void expiredForgedOrDeletedSessionIsIgnored() throws Exception {
        var user = TestUser.participant();
        var expired = TestServers.tokens().claims(user.id(), TestTokens.PARTICIPANT);
        expired.setExpirationTime(TestTokens.in(Duration.ofSeconds(-30)));
        for (var token : new String[] {
            TestServers.tokens().sign(expired),
            user.token().substring(0, user.token().length() - 6) + "AAAAAA",
            "nonsense",
            TestServers.tokens().participant(UUID.randomUUID())
        }) {
            var browser = Browser.of(new TestUser(user.id(), token));
            var answer = browser.get("/registrations");
            assertThat(answer.statusCode()).as(token).isEqualTo(303);
            assertThat(browser.get("/").asString()).contains("Log in");
        }
    }

    @Test
    void pageOfAnotherRoleIsForbidden() {
        var participant = Browser.of(TestUser.participant());
        var organizer = Browser.of(TestUser.organizer());
        for (var page :
                new String[] {"/organizer/competitions", "/organizer/competitions/new", "/organizer/failed-jobs"}) {
            var answer = participant.get(page);
            assertThat(answer.statusCode()).as(page).isEqualTo(403);
            assertThat(answer.contentType()).startsWith("text/html");
            assertThat(answer.asString()).contains("Your role does not allow this.");
        }
        assertThat(organizer.get("/registrations").statusCode()).isEqualTo(403);
    }

    @Test
    void pagesHaveTheirSecurityHeaders() {
        for (var path : new String[] {"/", "/login", "/signup", "/nothing"}) {
            var answer = Browser.anonymous().get(path);
            assertSecurityHeaders(answer);
            assertThat(answer.contentType()).isEqualTo("text/html;charset=UTF-8");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("same-origin");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.asString()).doesNotContain(" style=", "<style", " onclick", "javascript:");
        }
    }

    @Test
    void openApiDocumentListsNoPages() {
        var browser = Browser.of(TestUser.participant());
        assertProblem(browser.get("/api/nothing"), 404, "not-found");
        assertProblem(browser.get("/api/auth/me"), 401, "authentication-required");
        assertProblem(given().get("/nothing"), 404, "not-found");
        assertThat(browser.get("/nothing").statusCode()).isEqualTo(404);
        assertThat(given().get("/api/competitions").cookies()).isEmpty();
        assertThat(given().get("/q/openapi?format=json").asString()).doesNotContain("/organizer/", "\"/login\"");
    }
}
