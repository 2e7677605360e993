package dev.minicompete.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.RawHttp;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms are accepted only from pages of this site. */
@QuarkusTest
class CsrfTest {

    private Browser browser;
    private String path;
    private UUID competition;

    @BeforeEach
    void prepare() {
        var organizer = TestUser.organizer();
        competition = TestServers.database().createCompetition(organizer.id(), Map.of());
        browser = Browser.of(organizer);
        path = "/organizer/competitions/" + competition + "/cancel";
    }

    private Response send(UnaryOperator<RequestSpecification> change) {
        return change.apply(browser.request().contentType("application/x-www-form-urlencoded"))
                .post(path);
    }

    private void assertRefused(Response answer) {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.contentType()).startsWith("text/html");
        assertThat(answer.asString()).containsAnyOf("reload the page", "Send it now");
        assertThat(TestServers.database()
                        .count("SELECT count(*) FROM competitions WHERE id = ? AND cancelled_at IS NULL", competition))
                .isEqualTo(1);
    }

    @Test
    void formWithTheSecretIsAccepted() {
        var secret = browser.cookies().get(Browser.CSRF);
        assertThat(send(form -> form.formParam("csrf", secret)).statusCode()).isEqualTo(303);
        assertThat(send(form -> form.formParam("csrf", secret).header("Origin", "http://localhost:1"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void formWithoutTheSecretIsRejected() {
        assertRefused(send(form -> form));
        assertRefused(send(form -> form.formParam("csrf", "")));
        assertRefused(send(form -> form.formParam("csrf", UUID.randomUUID().toString())));
        assertRefused(send(form -> form.header("HX-Request", "true")));
    }

    /** As after the end of a session: the form is kept, and nothing happens without another click. */
    @Test
    void formOfWhichTheCookieWasLostCanBeSentAgain() {
        var organizers = "/organizer/competitions";
        var key = Browser.field(browser.get(organizers + "/new"), "key");
        browser.cookies().remove(Browser.CSRF);
        for (var site : new String[] {"same-origin", null}) {
            var sent = browser.request().contentType("application/x-www-form-urlencoded; charset=UTF-8");
            if (site != null) {
                sent.header("Sec-Fetch-Site", site);
            }
            var answer = browser.keep(sent.formParam("csrf", UUID.randomUUID().toString())
                    .formParam("key", key)
                    .formParam("description", "Typed & kept")
                    .post(organizers));
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.contentType()).startsWith("text/html");
            assertThat(answer.asString()).contains("action=\"" + organizers + "\"", "Send it now");
            assertThat(Browser.field(answer, "description")).isEqualTo("Typed &amp; kept");
            assertThat(Browser.field(answer, "key")).isEqualTo(key);
            assertThat(Browser.field(answer, "csrf"))
                    .isEqualTo(browser.cookies().get(Browser.CSRF));
            browser.cookies().remove(Browser.CSRF);
        }
        assertThat(TestServers.database().count("SELECT count(*) FROM competitions WHERE description = 'Typed & kept'"))
                .isZero();
    }

    @Test
    void formOfWhichTheCookieWasReplacedCanBeSentAgain() {
        browser.cookies().remove(Browser.CSRF);
        browser.get("/login");
        var kept = browser.request()
                .contentType("application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .header("HX-Request", "true")
                .formParam("csrf", UUID.randomUUID().toString())
                .formParam("note", "typed")
                .post(path);
        assertThat(kept.statusCode()).isEqualTo(403);
        assertThat(kept.header("HX-Retarget")).isEqualTo("body");
        assertThat(Browser.field(kept, "note")).isEqualTo("typed");
    }

    /** A password never stands in a page. */
    @ParameterizedTest
    @ValueSource(strings = {"/login", "/signup"})
    void accountFormOfWhichTheCookieWasLostKeepsAllButThePassword(String address) {
        browser.cookies().clear();
        var answer = browser.request()
                .contentType("application/x-www-form-urlencoded")
                .formParam("csrf", UUID.randomUUID().toString())
                .formParam("email", "typed@example.com")
                .formParam("password", "secret-typed")
                .formParam("next", "/mailbox")
                .post(address);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.asString())
                .contains("action=\"" + address + "\"", "value=\"typed@example.com\"")
                .doesNotContain("secret-typed");
        assertThat(Browser.field(answer, "next")).isEqualTo("/mailbox");
    }

    /** As browsers without Fetch Metadata send it, by way of proxies that leave or normalise Host. */
    @ParameterizedTest
    @CsvSource({
        "http://localhost:8081, LocalHost:8081, 303",
        "https://example.org, EXAMPLE.ORG, 303",
        "https://example.org, example.org:443, 303",
        "http://example.org, example.org:80, 303",
        "https://example.org:8443, Example.org:8443, 303",
        "https://[2001:db8::1], [2001:DB8::1]:443, 303",
        "https://example.org, example.org:8443, 403",
        "https://example.org:8443, example.org, 403",
        "https://example.org, example.com:443, 403",
        "https://example.org.evil.example, example.org, 403",
        "https://evil.example, '', 403",
        "null, localhost, 403"
    })
    void originIsComparedWithHost(String origin, String host, int status) {
        var secret = browser.cookies().get(Browser.CSRF);
        var answer = RawHttp.send("""
            POST %s HTTP/1.1\r
            Host: %s\r
            Origin: %s\r
            Cookie: %s\r
            Content-Type: application/x-www-form-urlencoded\r
            Content-Length: %d\r
            Connection: close\r
            \r
            csrf=%s\
            """.formatted(
                path,
                host,
                origin,
                browser.cookies().entrySet().stream().map(Object::toString).collect(Collectors.joining("; ")),
                5 + secret.length(),
                secret));
        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "nonsense"})
    void formOfAnotherSiteIsRejectedEvenWithTheSecret(String site) {
        var secret = browser.cookies().get(Browser.CSRF);
        assertRefused(send(form -> form.formParam("csrf", secret).header("Sec-Fetch-Site", site)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "nonsense"})
    void formOfAnotherOriginIsRejectedEvenWithTheSecret(String origin) {
        var secret = browser.cookies().get(Browser.CSRF);
        assertRefused(send(form -> form.formParam("csrf", secret).header("Origin", origin)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/signup", "/logout", "/organizer/failed-jobs/retry", "/organizer/competitions"})
    void everyFormNeedsTheSecret(String address) {
        var answer = browser.request()
                .contentType("application/x-www-form-urlencoded")
                .post(address);
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void bodyOfAnotherTypeIsUnsupported() {
        var answer = browser.request().contentType("text/plain").body("csrf=x").post("/logout");
        assertThat(answer.statusCode()).isEqualTo(415);
    }
}
