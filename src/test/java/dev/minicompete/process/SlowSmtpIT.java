package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.StrictSmtpServer;
import dev.minicompete.testing.StrictSmtpServer.Delivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mail server that takes its time gets each mail once (RFC 5321, section 4.5.3.2). */
class SlowSmtpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than the claims, the idle limit of transactions, and the time limits of handlers and loops in these tests. */
    private static final Duration LATE = Duration.ofSeconds(5);

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private StrictSmtpServer server;
    private UUID competition;

    @BeforeEach
    void startServer() {
        cluster.database().truncate();
        competition = cluster.database().createCompetition(100);
        server = new StrictSmtpServer();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void serverThatAcceptsLateGetsTheMailOnce() {
        assertSentOnceWhenLate(".");
    }

    @FullRun
    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "RCPT TO:"})
    void serverThatAnswersLateGetsTheMailOnce(String command) {
        assertSentOnceWhenLate(command);
    }

    /** {@code CONNECT} is the greeting, and {@code .} the end of a mail. */
    private void assertSentOnceWhenLate(String command) {
        server.replyLate(command, LATE);
        var process = start(Map.of());
        var person = register(process);

        new Oracle(cluster.database(), competition).awaitDrained(PATIENCE);

        assertThat(server.deliveries()).extracting(Delivery::recipient).containsExactly(person + "@example.com");
        assertThat(cluster.database().count("SELECT count(*) FROM failed_jobs")).isZero();
        assertThat(process.log().lines())
                .noneMatch(line -> line.contains("-slow-") && line.contains("hangs"))
                .noneMatch(line -> line.contains("failed at attempt"));
    }

    @Test
    void attemptThatReachesItsTimeLimitSendsNothingLater() throws Exception {
        var silence = new CountDownLatch(1);
        server.replyWith(command -> {
            if (command.equals("CONNECT")) {
                awaitQuietly(silence);
            }
            return null;
        });
        var process = start(Map.of("MAIL_TIMEOUT", "PT1S", "MAIL_RETRY_BACKOFF_BASE", "PT30M"));
        register(process);
        await("the time limit")
                .atMost(PATIENCE)
                .until(() -> cluster.database()
                                .count(
                                        "SELECT count(*) FROM outbox WHERE error = 'The mail server did not answer in time'")
                        == 1);

        silence.countDown();
        await("the end of the connection").atMost(PATIENCE).until(() -> server.connections() == 0);
        assertThat(server.deliveries()).isEmpty();
    }

    @Test
    @FullRun
    void processEndsInTimeWhileTheServerIsSilent() {
        var silence = new CountDownLatch(1);
        server.replyWith(command -> {
            awaitQuietly(silence);
            return null;
        });
        var process = start(Map.of());
        register(process);
        await("an attempt").atMost(PATIENCE).until(() -> server.connections() == 1);

        assertThat(process.terminate(PATIENCE).took()).isLessThan(Duration.ofSeconds(15));

        silence.countDown();
        await("the end of the connection").atMost(PATIENCE).until(() -> server.connections() == 0);
        assertThat(server.deliveries()).isEmpty();
        assertThat(cluster.database().count("SELECT count(*) FROM outbox WHERE attempts = 1"))
                .isEqualTo(1);
    }

    private ProductionProcess start(Map<String, String> variables) {
        var environment = new HashMap<>(Cluster.SHORT_LIMITS);
        environment.putAll(Map.of(
                "MAIL_TRANSPORT", "smtp",
                "SMTP_HOST", "127.0.0.1",
                "SMTP_PORT", Integer.toString(server.port()),
                "SMTP_TLS", "none",
                "JOBS_HANDLER_TIMEOUT", "PT1S",
                "JOBS_STALL_TIMEOUT", "PT1S"));
        environment.putAll(variables);
        return cluster.start(environment);
    }

    private UUID register(ProductionProcess process) {
        var person = cluster.database().createParticipant();
        var reply = Http.register(process.api(), competition, cluster.tokens().participant(person), "abc123");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return person;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
