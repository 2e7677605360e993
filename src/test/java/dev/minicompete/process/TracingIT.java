package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Requests;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A trace goes from the request through the outbox to the mail, whichever processes that passes. */
@FullRun
class TracingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String REQUEST = "POST /api/competitions/{id}/register";
    private static final String JOB = "registration:confirmation";
    private static final String MAIL = "mail:send";

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    @AfterEach
    void killAll() {
        cluster.killAll();
        cluster.database().truncate();
    }

    @Test
    void oneTraceHoldsTheRequestTheJobAndTheMail() throws Exception {
        var mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.start();
        try (var collector = new TraceCollector()) {
            var smtp = Map.of(
                    "MAIL_TRANSPORT", "smtp",
                    "SMTP_HOST", "127.0.0.1",
                    "SMTP_PORT", Integer.toString(mails.getSmtp().getPort()),
                    "SMTP_TLS", "none");
            var api = cluster.start(traced(collector, Map.of("WORKER_ENABLED", "false")));
            cluster.start(traced(collector, smtp));
            var competition = cluster.database().createCompetition(10);
            List<Callable<Reply>> four = IntStream.range(0, 4)
                    .<Callable<Reply>>mapToObj(i -> () -> cluster.register(api, competition))
                    .toList();
            assertThat(Requests.concurrently(4, four)).allMatch(reply -> reply.status() == 201);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(collector.succeeded(MAIL)).hasSize(4));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(collector.spans(REQUEST)).hasSize(4));
            assertThat(collector.spans(REQUEST))
                    .extracting(TraceCollector.Span::trace)
                    .doesNotHaveDuplicates();
            for (var request : collector.spans(REQUEST)) {
                var job = child(collector, request, JOB);
                child(collector, job, MAIL);
            }
            cluster.assertDrainedAndSound(competition);
        } finally {
            mails.stop();
        }
    }

    @Test
    void anAttemptThatFailsIsASpanThatSaysSo() throws Exception {
        int nobodyListens;
        try (var socket = new ServerSocket(0)) {
            nobodyListens = socket.getLocalPort();
        }
        try (var collector = new TraceCollector()) {
            var smtp = Map.of(
                    "MAIL_TRANSPORT", "smtp",
                    "SMTP_HOST", "127.0.0.1",
                    "SMTP_PORT", Integer.toString(nobodyListens),
                    "SMTP_TLS", "none");
            var process = cluster.start(traced(collector, smtp));
            cluster.register(process, cluster.database().createCompetition(10));

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(collector.spans(MAIL)).isNotEmpty());
            assertThat(collector.succeeded(MAIL)).isEmpty();
        }
    }

    @Test
    void aCancellationIsTracedToo() throws Exception {
        try (var collector = new TraceCollector()) {
            var process = cluster.start(traced(collector, Map.of()));
            var competition = cluster.database().createCompetition(10);
            var participant = cluster.database().createParticipant();
            var token = cluster.tokens().participant(participant);
            assertThat(Http.register(process.api(), competition, token, "abc123")
                            .status())
                    .isEqualTo(201);
            var registration = cluster.database().text("SELECT id FROM registrations");
            assertThat(Http.delete(process.api().resolve("/api/registrations/" + registration), token)
                            .status())
                    .isEqualTo(204);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(collector.spans("registration:cancellation"))
                            .hasSize(1));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(collector.spans("DELETE /api/registrations/{id}"))
                            .hasSize(1));
            child(collector, collector.spans("DELETE /api/registrations/{id}").get(0), "registration:cancellation");
        }
    }

    /** The second of two equal sign-ups makes Hibernate complain of the unique constraint. */
    @Test
    void whatIsLoggedOfARequestNamesItsTrace() throws Exception {
        try (var collector = new TraceCollector()) {
            var process = cluster.start(traced(
                    collector,
                    Map.of(
                            "QUARKUS_LOG_CONSOLE_FORMAT", "trace %X{traceId} %s%n",
                            // Silent as shipped.
                            "QUARKUS_LOG_CATEGORY__ORG_HIBERNATE_ORM_JDBC_ERROR__LEVEL", "WARN")));
            var signup =
                    "{\"name\":\"A\",\"email\":\"a@example.com\",\"password\":\"pass123\",\"role\":\"participant\"}";
            var statuses = IntStream.range(0, 2)
                    .map(i -> Http.post(process.api().resolve("/api/auth/signup"), signup)
                            .status())
                    .toArray();
            assertThat(statuses).containsExactly(201, 409);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(collector.spans("POST /api/auth/signup")).hasSize(2));
            var second = collector.spans("POST /api/auth/signup").get(1);
            assertThat(process.log().lines().filter(line -> line.contains("users_email_key")))
                    .isNotEmpty()
                    .allMatch(line -> line.contains(second.trace()));
        }
    }

    /** The exporter of OpenTelemetry limits its own log: five lines in a minute, then one a minute. */
    @Test
    void outageOfCollectorIsLoggedInFewLinesAndTracesArriveAfterIt() throws Exception {
        var port = Ports.free();
        var process = cluster.start(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port, "QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "0.1S"));
        var competition = cluster.database().createCompetition(1_000);
        var exports = new AtomicInteger();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            cluster.register(process, competition);
            return exports.incrementAndGet() == 20;
        });
        try (var collector = new TraceCollector(port)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                cluster.register(process, competition);
                assertThat(collector.spans(REQUEST)).isNotEmpty();
            });
        }
        assertThat(logged(process, "Failed to export")).isBetween(1L, 6L);
    }

    @Test
    void withoutACollectorNothingIsNoted() {
        var process = cluster.start(Map.of("WORKER_ENABLED", "false"));
        assertThat(cluster.register(process, cluster.database().createCompetition(10))
                        .status())
                .isEqualTo(201);
        assertThat(cluster.database().texts("SELECT trace_parent FROM outbox")).containsExactly("null");
    }

    private static long logged(ProductionProcess process, String words) {
        return process.log().lines().filter(line -> line.contains(words)).count();
    }

    /** The one span of this name that succeeded and whose parent is that one. */
    private static TraceCollector.Span child(TraceCollector collector, TraceCollector.Span parent, String name) {
        assertThat(collector.succeeded(name))
                .filteredOn(span -> span.parent().equals(parent.id()))
                .as("%s caused by %s", name, parent)
                .singleElement()
                .extracting(TraceCollector.Span::trace)
                .isEqualTo(parent.trace());
        return collector.succeeded(name).stream()
                .filter(span -> span.parent().equals(parent.id()))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> traced(TraceCollector collector, Map<String, String> more) {
        var environment = new HashMap<>(more);
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.uri().toString());
        environment.put("QUARKUS_OTEL_BSP_SCHEDULE_DELAY", "0.2S");
        return environment;
    }
}
