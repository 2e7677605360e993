package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mail server that takes connections and says nothing costs nobody their mailbox. */
class HangingSmtpIT {

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @Test
    @FullRun
    void mailboxesFillAtOnceWhileTheMailServerHangs() throws Exception {
        try (var hanging = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"))) {
            var process = cluster.start(Map.of(
                    "MAIL_TRANSPORT", "smtp",
                    "SMTP_HOST", "127.0.0.1",
                    "SMTP_PORT", "" + hanging.getLocalPort(),
                    "SMTP_TLS", "none",
                    "MAIL_TIMEOUT", "PT4S"));
            var competition = cluster.database().createCompetition(100);
            for (var round = 1; round <= 8; round++) {
                var mails = round * 5;
                try (var crowd = new Crowd(cluster, competition, 5).start(process::api)) {
                    crowd.awaitDecided(Duration.ofSeconds(10));
                }
                await("the mails of round " + round)
                        .atMost(Duration.ofSeconds(3))
                        .until(() -> cluster.database().count("SELECT count(*) FROM mailbox") == mails);
            }
            assertThat(cluster.database().count("SELECT count(*) FROM outbox WHERE kind = 'mail:send'"))
                    .isEqualTo(40);
            await("the reason of an attempt")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.database()
                            .texts("SELECT DISTINCT error FROM outbox WHERE error IS NOT NULL")
                            .equals(List.of("The mail server did not answer in time")));
        }
    }
}
