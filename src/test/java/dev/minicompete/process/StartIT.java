package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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

    /** As docker, systemd and shells read it. */
    @Test
    void environmentFileMayHaveQuotesCommentsAndExport() throws Exception {
        var weak = directory.resolve("weak # key.pem");
        TestTokens.createKey(weak, 1024);
        Files.writeString(directory.resolve(".env"), """
            # secrets
            export DB_PASSWORD="secret" # of the role
              JWT_PRIVATE_KEY_FILE = '%s'
            PORT=0 # any
            """.formatted(weak));
        ProductionProcess.runToItsEnd(Map.of(), directory.resolve("log"))
                .assertRefusal("JWT_PRIVATE_KEY_FILE: ", "is weak");
        ProductionProcess.runToItsEnd(Map.of("JWT_PRIVATE_KEY_FILE", "other.pem"), directory.resolve("log"))
                .assertRefusal("JWT_PRIVATE_KEY_FILE: ", "other.pem");
    }

    @Test
    void malformedEnvironmentFileIsRefusedInOneLine() throws Exception {
        var file = directory.resolve(".env");
        Files.writeString(file, "PORT=0\nDB_PASSWORD=\"secret\n");
        var refused = ProductionProcess.runToItsEnd(Map.of(), directory.resolve("log"));
        refused.assertRefusal(".env, line 2: ");
        assertThat(refused.output()).doesNotContain("secret");
        Files.writeString(file, "DB_PASSWORD=b\u00e4h\n", StandardCharsets.ISO_8859_1);
        ProductionProcess.runToItsEnd(Map.of(), directory.resolve("log")).assertRefusal(".env is not UTF-8");
    }

    /** Quarkus must read the same values as the check at the start. */
    @Test
    void environmentFileIsReadByTheApplicationAsByTheCheck() throws Exception {
        var environment = new HashMap<>(cluster.environment(Map.of()));
        var password = environment.remove("DB_PASSWORD");
        var database = environment.remove("DB_NAME");
        environment.put("REDIS_URL", "");
        Files.writeString(directory.resolve(".env"), """
            export DB_PASSWORD="%s"
            DB_NAME='%s' # of this test
            MIGRATE_ONLY="true"
            """.formatted(password, database));
        var ended = ProductionProcess.runToItsEnd(environment, directory.resolve("log"));
        assertThat(ended.code()).as(ended.output()).isZero();
    }

    @Test
    void addressWithoutBracketsIsRefusedInOneLine() {
        ProductionProcess.runToItsEnd(cluster.environment(Map.of("DB_HOST", "::1")))
                .assertRefusal("DB_HOST: ", "[::1]");
        ProductionProcess.runToItsEnd(cluster.environment(Map.of("REDIS_URL", "redis://:a#b@h")))
                .assertRefusal("REDIS_URL: ");
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
