package dev.minicompete.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        assertThat(answer.asString()).contains("reload the page");
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

    @Test
    void secretWithoutTheCookieIsRejected() {
        var secret = browser.cookies().remove(Browser.CSRF);
        assertRefused(send(form -> form.formParam("csrf", secret)));
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
