package dev.minicompete.auth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The time of an answer does not tell whether an account exists. */
@QuarkusTest
class LoginTimeTest {

    private static final int TRIES = 15;

    private final TestDatabase database = TestServers.database();

    @BeforeEach
    @AfterEach
    void forgetFailures() {
        database.execute("DELETE FROM login_failures");
    }

    /** The quickest of several tries is what a busy machine disturbs least. Without a hash it would be ten times as quick. */
    @Test
    void anUnknownAddressTakesAsLongAsAWrongPassword() {
        var known = new ArrayList<Long>();
        var unknown = new ArrayList<Long>();
        for (var i = 0; i < TRIES; i++) {
            known.add(nanos(database.createOrganizer() + "@example.com"));
            unknown.add(nanos(UUID.randomUUID() + "@example.com"));
        }
        var ratio = (double) Collections.min(unknown) / Collections.min(known);
        assertThat(ratio).as("unknown %s, known %s", unknown, known).isBetween(0.6, 1.7);
    }

    @Test
    void theHashOfNobodyCostsWhatAHashCosts() {
        var costs = "\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}";
        assertThat(PasswordHash.OF_NOBODY).matches(costs);
        assertThat(PasswordHash.of("pass123")).matches(costs);
    }

    private static long nanos(String email) {
        var request = given().contentType(ContentType.JSON).body(Map.of("email", email, "password", "wrong-password"));
        var started = System.nanoTime();
        assertThat(request.post("/api/auth/login").statusCode()).isEqualTo(401);
        return System.nanoTime() - started;
    }
}
