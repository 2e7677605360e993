package dev.minicompete.mailbox;

import static dev.minicompete.testing.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Without SMTP mails are stored only. */
@QuarkusTest
class NoSmtpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void leftoverSendJobIsDoneWithoutAServer() {
        var database = TestServers.database();
        var competition = database.createCompetition(1);
        var person = TestUser.participant();
        register(person, competition);
        var oracle = new Oracle(database, competition);
        oracle.awaitDrained(PATIENCE);

        var mail = UUID.fromString(database.text("SELECT id::text FROM mailbox WHERE user_id = ?", person.id()));
        database.execute("""
                INSERT INTO outbox (id, kind, created_at, run_at)
                VALUES (?, 'mail:send', now() - interval '1 min', now() - interval '1 min'),
                    (?, 'mail:send', now() - interval '1 min', now() - interval '1 min')
                """, mail, UuidCreator.getTimeOrderedEpoch());

        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
        assertThat(database.count("SELECT count(*) FROM failed_jobs WHERE kind = 'mail:send' AND user_id IS NULL"))
                .isZero();
    }
}
