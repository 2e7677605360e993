package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a process does before it serves: it asks for its secrets, and sees to the demo data where they are wished for. */
class StartIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @TempDir
    private Path directory;

    /** What else is refused, and with which words, is EnvironmentTest's. */
    @Test
    void withoutASecretItRefusesInOneLine() {
        ProductionProcess.runToItsEnd(Map.of("JWT_PRIVATE_KEY_FILE", "unread.pem"))
                .assertRefusal("DB_PASSWORD is not set");
    }

    @Test
    void withAKeyThatIsWeakItRefusesInOneLine() throws Exception {
        var weak = directory.resolve("weak.pem");
        TestTokens.createKey(weak, 1024);
        ProductionProcess.runToItsEnd(Map.of("DB_PASSWORD", "secret", "JWT_PRIVATE_KEY_FILE", weak.toString()))
                .assertRefusal("is weak");
    }

    @Test
    void demoDataAreThereOnceHoweverOftenItStarts() {
        cluster.start(Map.of("SEED_DATA", "true"));
        cluster.killAll();
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
