package dev.minicompete.process;

import static dev.minicompete.process.LargeDatabase.nth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application's statements cost in a large database: never more than what they return is worth. */
@FullRun
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QueryPlansIT {

    private static final String ENABLE_SEQSCAN = "QUARKUS_DATASOURCE_REACTIVE_ADDITIONAL_PROPERTIES__ENABLE_SEQSCAN_";
    private static final int PAGES = 15;
    private static final int LIMIT = 100;

    private static LargeDatabase database;
    private static TestTokens tokens;
    private static String key;
    private static final List<ProductionProcess> processes = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException, SQLException {
        var pem = Files.createTempFile("mini-compete-", ".pem");
        pem.toFile().deleteOnExit();
        TestTokens.createKey(pem);
        tokens = new TestTokens(pem);
        key = pem.toString();
        database = new LargeDatabase();
        // Once the planner is free to choose, and once as shipped.
        for (var seqScan : List.of("on", "off")) {
            processes.add(
                    start(Map.of("WORKER_ENABLED", "false", "SCHEDULER_ENABLED", "false", ENABLE_SEQSCAN, seqScan)));
        }
    }

    /** With one connection, whose statements are soon prepared ones with the plan that PostgreSQL likes best. */
    private static ProductionProcess start(Map<String, String> variables) {
        var environment = new HashMap<>(variables);
        environment.put("JWT_PRIVATE_KEY_FILE", key);
        environment.put("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", "1");
        return database.start(environment);
    }

    @AfterAll
    static void end() {
        processes.forEach(ProductionProcess::close);
        database.close();
    }

    static Stream<String> lists() {
        var filters = List.of(
                "",
                "&status=open",
                "&status=full",
                "&status=closed",
                "&status=cancelled",
                "&q=compete",
                "&q=" + "c4ca4238",
                "&tag=tag3",
                "&tag=rare",
                "&organizerId=" + nth(8),
                "&status=open&organizerId=" + nth(8),
                "&status=open&tag=tag3");
        return Stream.of("startsAt", "-startsAt", "regDeadline", "-createdAt")
                .flatMap(sort -> filters.stream().map(filter -> "/api/competitions?sort=" + sort + filter));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyPageOfAListCostsWhatItReturns(String path) throws SQLException {
        assertEveryPageIsCheap(path, null);
    }

    static Stream<String> mailboxes() {
        return Stream.of("", "&unread=true", "&kind=promoted", "&kind=confirmation", "&kind=reminder")
                .map(filter -> "/api/mailbox?" + filter);
    }

    @ParameterizedTest
    @MethodSource("mailboxes")
    void everyPageOfAMailboxCostsWhatItReturns(String path) throws SQLException {
        assertEveryPageIsCheap(path, tokens.participant(nth(160_000)));
    }

    @Test
    void everyPageOfOwnRegistrationsCostsWhatItReturns() throws SQLException {
        assertEveryPageIsCheap("/api/registrations?", tokens.participant(nth(160_000)));
    }

    static Stream<String> participants() {
        return Stream.of("", "&status=confirmed", "&status=waitlisted", "&status=cancelled", "&status=expired")
                .map(filter -> "/api/competitions/" + nth(9001) + "/registrations?" + filter);
    }

    @ParameterizedTest
    @MethodSource("participants")
    void everyPageOfParticipantsCostsWhatItReturns(String path) throws SQLException {
        assertEveryPageIsCheap(path, tokens.organizer(nth(2)));
    }

    /** Those that were read are of the same kind, and those that were not are of another. */
    @Test
    void everyPageOfTheUnreadMailsOfAKindCostsWhatItReturns() throws SQLException {
        database.execute("""
                INSERT INTO mailbox (id, user_id, kind, subject, body, created_at, read_at)
                SELECT gen_random_uuid(), '%s', CASE WHEN n %% 2 = 0 THEN 'reminder' ELSE 'confirmation' END, 'A mail',
                    'Some words.', now() - n * interval '1 second', CASE WHEN n %% 2 = 0 THEN now() END
                FROM generate_series(1, 40000) n
                """.formatted(nth(159_998)));
        assertEveryPageIsCheap("/api/mailbox?unread=true&kind=reminder", tokens.participant(nth(159_998)), 1_000);
    }

    static Stream<String> failedJobs() {
        return Stream.of("", "&kind=reminder:notify").map(filter -> "/api/failed-jobs?" + filter);
    }

    @ParameterizedTest
    @MethodSource("failedJobs")
    /** Each of the organizer's hundred competitions is asked once. */
    void everyPageOfFailedJobsCostsWhatItReturns(String path) throws SQLException {
        assertEveryPageIsCheap(path, tokens.organizer(nth(2)), 1_000);
    }

    /** The last one of them is of another kind. */
    @Test
    void everyPageOfTheFailedJobsOfAKindCostsWhatItReturns() throws SQLException {
        database.execute("""
                INSERT INTO failed_jobs (id, kind, competition_id, attempts, error, failed_at)
                SELECT gen_random_uuid(), CASE WHEN n = 40000 THEN 'test:rare' ELSE 'test:frequent' END, '%s', 5, 'Boom',
                    now() - n * interval '1 second'
                FROM generate_series(1, 40000) n
                """.formatted(nth(9003)));
        assertEveryPageIsCheap("/api/failed-jobs?kind=test:rare", tokens.organizer(nth(4)), 1_000);
    }

    @Test
    void retryOfOneFailedJobTouchesThatJob() throws SQLException {
        for (var i = 0; i < 10; i++) {
            var job = new AtomicInteger(500_003 + i * 200);
            assertCheap(
                    200,
                    process -> Http.post(
                            process.api().resolve("/api/failed-jobs/" + nth(job.getAndAdd(100)) + "/retry"),
                            tokens.organizer(nth(5)),
                            ""));
        }
    }

    @Test
    void retryOfAllFailedJobsCostsWhatItRetries() throws SQLException {
        var organizer = new AtomicInteger(6);
        assertCheap(
                30_000,
                process -> Http.post(
                        process.api().resolve("/api/failed-jobs/retry"),
                        tokens.organizer(nth(organizer.getAndIncrement())),
                        ""));
    }

    @Test
    void everyChunkOfTheCsvFileCostsWhatItReturns() throws SQLException {
        assertCheap(2_000, process -> Http.get(path(process, "/registrations.csv"), tokens.organizer(nth(2))));
    }

    /** 60,000 wait: the second of them, the 20,000th and the last but one. */
    @ParameterizedTest
    @ValueSource(ints = {100_002, 120_000, 159_999})
    void everyPlaceOnTheWaitlistCostsTheSame(int participant) throws SQLException {
        var token = tokens.participant(nth(participant));
        assertCheap(60, process -> Http.get(process.api().resolve("/api/registrations/" + nth(participant)), token));
        assertCheap(60, process -> Http.get(process.api().resolve("/api/registrations"), token));
        var live = "/competitions/" + nth(9001) + "/live?member=true";
        assertCheap(60, process -> Http.getPage(process.api().resolve(live), token));
    }

    @Test
    void requestForOneThingTouchesOneThing() throws SQLException {
        assertCheap(100, process -> Http.get(path(process, "")));
        assertCheap(100, process -> Http.get(path(process, "/calendar.ics")));
        assertCheap(
                100,
                process -> Http.get(process.api().resolve("/api/mailbox/" + nth(5)), tokens.participant(nth(160_000))));
        assertCheap(
                100,
                process -> Http.post(
                        process.api().resolve("/api/auth/login"),
                        "{\"email\": \"nobody@example.com\", \"password\": \"wrong password\"}"));
    }

    @Test
    void registrationCostsTheSameHoweverManyThereAre() throws SQLException {
        for (var i = 0; i < 20; i++) {
            var token = tokens.participant(nth(120_000 + i));
            assertCheap(150, process -> Http.register(process.api(), nth(9105), token, "key-" + token.hashCode()));
        }
    }

    @Test
    void promotionReadsNoMoreThanItPromotes() throws SQLException {
        for (var i = 5; i < 25; i += 2) {
            var next = new AtomicInteger(i);
            assertCheap(600, process -> {
                var participant = nth(next.getAndIncrement());
                return Http.delete(
                        process.api().resolve("/api/registrations/" + participant), tokens.participant(participant));
            });
        }
    }

    /** Last, since it changes what the others read. */
    @Test
    @Order(Integer.MAX_VALUE)
    void nightlyRunAndWorkersCostWhatTheyDo() throws SQLException {
        // As if they had been in a dead worker's hands: they are done under a claim.
        database.execute(
                "UPDATE outbox SET leased_until = now() WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT 100)");
        database.statements();
        var missing = new ArrayList<>(List.of(
                "SELECT id, starts_at FROM competitions",
                "INSERT INTO reminders",
                "SET status = 'expired'",
                "DELETE FROM registrations",
                "DELETE FROM failed_jobs WHERE id = ANY",
                "DELETE FROM mailbox",
                "DELETE FROM reminders WHERE ctid",
                "DELETE FROM login_failures",
                "WHERE kind = kinds.kind",
                "UPDATE outbox SET attempts",
                "DELETE FROM outbox",
                "SELECT r.id, u.name",
                "INSERT INTO mailbox"));
        try (var worker = start(Map.of("REMINDER_CRON", "* * * * * ?", ENABLE_SEQSCAN, "on"))) {
            await("every statement").atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                for (var statement : database.statements()) {
                    missing.removeIf(statement.sql()::contains);
                    // What counts the jobs for the metrics looks at up to 100,000 of each state.
                    assertCheap(
                            statement, statement.sql().contains("AS oldest") ? 20_000 : 1_000 + 40 * statement.rows());
                }
                assertThat(missing).isEmpty();
            });
        }
    }

    private static URI path(ProductionProcess process, String path) {
        return process.api().resolve("/api/competitions/" + nth(9001) + path);
    }

    /** Whatever the request makes the application ask, all of it together touches so many buffers at most. */
    private static void assertCheap(long buffers, Function<ProductionProcess, Reply> request) throws SQLException {
        for (var process : processes) {
            database.statements();
            var answer = request.apply(process);
            assertThat(answer.status()).as(answer.body()).isBetween(200, 401);
            var statements = database.statements();
            statements.forEach(statement -> assertCheap(statement, buffers + 10 * statement.rows()));
        }
    }

    private static void assertCheap(ExplainedStatement statement, long buffers) {
        assertThat(statement.scanned()).as("scanned by %s", statement).isEmpty();
        assertThat(statement.buffers()).as("buffers of %s", statement).isLessThanOrEqualTo(buffers);
    }

    private static void assertEveryPageIsCheap(String path, String token) throws SQLException {
        assertEveryPageIsCheap(path, token, 100);
    }

    private static void assertEveryPageIsCheap(String path, String token, long buffers) throws SQLException {
        for (var process : processes) {
            var costs = new ArrayList<Long>();
            var cursor = "";
            database.statements();
            while (cursor != null && costs.size() < PAGES) {
                var uri = process.api().resolve(path + "&limit=" + LIMIT + cursor);
                var answer = token == null ? Http.get(uri) : Http.get(uri, token);
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                var statements = database.statements();
                assertThat(statements).isNotEmpty();
                costs.add(statements.stream()
                        .mapToLong(ExplainedStatement::buffers)
                        .sum());
                statements.forEach(statement -> assertCheap(statement, buffers + 10 * statement.rows()));
                var next = answer.json().get("nextCursor");
                cursor = next.isNull() ? null : "&cursor=" + next.asText();
            }
            assertThat(Collections.max(costs)).as("any page of %s", path).isLessThanOrEqualTo(2 * costs.get(0));
        }
    }
}
