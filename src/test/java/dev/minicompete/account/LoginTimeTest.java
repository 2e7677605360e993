package dev.minicompete.account;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.platform.security.PasswordHash;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time of an answer does not tell whether an account exists, since the costly work is the same. */
@QuarkusTest
class LoginTimeTest {

    @Inject
    MeterRegistry metrics;

    private final TestDatabase database = TestServers.database();

    @BeforeEach
    @AfterEach
    void deleteFailures() {
        database.execute("DELETE FROM login_failures");
    }

    @Test
    void unknownAddressCostsOneHashLikeAWrongPassword() {
        assertCostsOneHash(database.createOrganizer() + "@example.com");
        assertCostsOneHash(UUID.randomUUID() + "@example.com");
    }

    @Test
    void unmatchableHashHasTheCostOfOthers() {
        var costs = "\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}";
        assertThat(PasswordHash.UNMATCHABLE).matches(costs);
        assertThat(PasswordHash.of("pass123")).matches(costs);
    }

    private void assertCostsOneHash(String email) {
        logIn(email);
        var before = hashes();
        logIn(email);
        assertThat(hashes() - before).isEqualTo(1);
    }

    private void logIn(String email) {
        given().contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", "wrong-password"))
                .post("/api/auth/login")
                .then()
                .statusCode(401);
    }

    private double hashes() {
        return metrics.get("password.hashes").functionCounter().count();
    }
}
