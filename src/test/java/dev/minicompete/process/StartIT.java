package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process does before it serves: it asks for its secrets, and sees to the demo data where they are wished for. */
class StartIT {

    @TempDir
    private Path directory;

    @Test
    void withoutItsSecretsItRefusesInOneLine() throws Exception {
        var key = directory.resolve("jwt.pem");
        TestTokens.createKey(key);

        assertRefusal(Map.of("JWT_PRIVATE_KEY_FILE", key.toString()), "DB_PASSWORD is not set");
        assertRefusal(Map.of("DB_PASSWORD", "secret"), "JWT_PRIVATE_KEY_FILE is not set");
        assertRefusal(key(directory.resolve("missing.pem")), "cannot be read");
    }

    @Test
    void withAKeyThatIsWeakOrNoneItRefusesInOneLine() throws Exception {
        var weak = directory.resolve("weak.pem");
        TestTokens.createKey(weak, 1024);
        assertRefusal(key(weak), "is weak");

        var none = Files.writeString(directory.resolve("none.pem"), "no key at all");
        assertRefusal(key(none), "no PKCS#8 PEM private key");
    }

    @Test
    void withAPreviousKeyThatVerifiesNothingItRefusesInOneLine() throws Exception {
        var key = directory.resolve("jwt.pem");
        TestTokens.createKey(key);
        var weak = directory.resolve("weak.pem");
        TestTokens.createKey(weak, 1024);
        var der = Base64.getMimeEncoder()
                .encodeToString(new TestTokens(weak).publicKey().getEncoded());
        Files.writeString(weak, "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n");
        Map.of(directory.resolve("missing.pem"), "cannot be read", key, "no PEM public key", weak, "is weak")
                .forEach((previous, reason) -> assertRefusal(
                        with(key, "JWT_PREVIOUS_PUBLIC_KEY_FILES", previous.toString()),
                        "JWT_PREVIOUS_PUBLIC_KEY_FILES: ",
                        reason));
    }

    @Test
    void withAnOriginThatIsNoneItRefusesInOneLine() throws Exception {
        var key = directory.resolve("jwt.pem");
        TestTokens.createKey(key);
        for (var origin : List.of("*", "null", "app.example.org", "https://app.example.org/", "https://a.example,*")) {
            assertRefusal(with(key, "CORS_ORIGINS", origin), "CORS_ORIGINS: ", "is no origin");
        }
    }

    @Test
    void demoDataAreThereOnceHoweverOftenItStarts() {
        try (var cluster = new Cluster()) {
            for (var start = 0; start < 2; start++) {
                cluster.start(Map.of("SEED_DATA", "true"));
                cluster.killAll();
            }
            cluster.start(Map.of("SEED_DATA", "true", "JOBS_RELAY_GRACE", "PT1S", "JOBS_HEARTBEAT_TIMEOUT", "PT2S"));

            var database = cluster.database();
            assertThat(database.count("SELECT count(*) FROM users WHERE role = 'organizer'"))
                    .isEqualTo(2);
            assertThat(database.count("SELECT count(*) FROM users WHERE role = 'participant'"))
                    .isEqualTo(5);
            assertThat(database.count("SELECT count(*) FROM competitions")).isEqualTo(5);
            assertThat(database.count("SELECT count(*) FROM competitions WHERE capacity - registered = 1"))
                    .as("one is nearly full")
                    .isEqualTo(1);
            assertThat(database.count("SELECT count(*) FROM competitions WHERE reg_deadline < now()"))
                    .as("one is closed")
                    .isEqualTo(1);
            assertThat(database.count("SELECT count(*) FROM competitions WHERE starts_at < now() + interval '1 day'"))
                    .as("one starts within a day")
                    .isEqualTo(1);
            var oracle = new Oracle(database);
            oracle.awaitDrained(Duration.ofSeconds(40));
            oracle.assertInvariants();
        }
    }

    private static Map<String, String> key(Path file) {
        return Map.of("DB_PASSWORD", "secret", "JWT_PRIVATE_KEY_FILE", file.toString());
    }

    private static Map<String, String> with(Path key, String variable, String value) {
        return Map.of("DB_PASSWORD", "secret", "JWT_PRIVATE_KEY_FILE", key.toString(), variable, value);
    }

    private static void assertRefusal(Map<String, String> environment, String... reasons) {
        ProductionProcess.runToItsEnd(environment).assertRefusal(reasons);
    }
}
