package dev.minicompete.registration;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestServers;
import dev.minicompete.testing.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Concurrent registrations: every seat is given once. */
@QuarkusTest
class CrowdTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestDatabase database = TestServers.database();

    private record Attempt(TestUser user, UUID competition, String key) {}

    @Test
    void twoHundredParticipantsCompeteForTwentySeats() {
        rush(200, 20);
    }

    @Test
    void hundredParticipantsCompeteForAHundredSeats() {
        rush(100, 100);
    }

    @FullRun
    @Test
    void thousandParticipantsCompeteForAHundredSeats() {
        rush(1_000, 100);
    }

    @FullRun
    @Test
    void thousandParticipantsCompeteForAThousandSeats() {
        rush(1_000, 1_000);
    }

    private void rush(int people, int seats) {
        var competition = database.createCompetition(seats);
        var answers = sendAll(attempts(people, competition));
        assertThat(answers.stream().filter(confirmed())).hasSize(seats);
        assertThat(answers.stream().filter(problem("competition-full"))).hasSize(people - seats);
        assertThat(registered(competition)).isEqualTo(seats);
        assertInvariants(answers, competition);
    }

    @Test
    void lastSeatGoesToExactlyOneParticipant() {
        var competition = database.createCompetition(1);
        var answers = sendAll(attempts(50, competition));
        assertThat(answers.stream().filter(confirmed())).hasSize(1);
        assertThat(answers.stream().filter(problem("competition-full"))).hasSize(49);
        assertInvariants(answers, competition);
    }

    @Test
    void waitlistTakesTheOthersInOrder() {
        var competition =
                database.createCompetition(database.createOrganizer(), Map.of("capacity", 20, "waitlist", true));
        var answers = sendAll(attempts(100, competition));
        assertThat(answers).allMatch(answer -> answer.statusCode() == 201);
        var positions = answers.stream()
                .map(CrowdTest::json)
                .filter(json -> json.path("status").asText().equals("waitlisted"))
                .map(json -> json.path("waitlistPosition").asInt());
        assertThat(positions)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 80).boxed().toList());
        assertInvariants(answers, competition);
    }

    @Test
    void concurrentRegistrationsFillManyCompetitions() {
        var competitions = IntStream.range(0, 6)
                .mapToObj(i -> database.createCompetition(10))
                .toList();
        var users = TestUser.participants(30);
        var attempts = users.stream()
                .flatMap(user -> competitions.stream().map(competition -> new Attempt(user, competition, "key")))
                .toList();
        var answers = sendAll(attempts);
        assertThat(answers.stream().filter(confirmed())).hasSize(60);
        assertThat(answers.stream().filter(problem("competition-full"))).hasSize(120);
        assertInvariants(answers, competitions.toArray(UUID[]::new));
    }

    @Test
    void fiftyRequestsWithOneKeyMakeOneRegistration() {
        var competition = database.createCompetition(100);
        var alice = TestUser.participant();
        var bob = TestUser.participant();
        var tries = IntStream.range(0, 50).mapToObj(i -> new Attempt(alice, competition, "one-key"));
        var answers = sendAll(Stream.concat(tries, Stream.of(new Attempt(bob, competition, "one-key")))
                .toList());
        var ofBob = answers.get(50);
        var ofAlice = answers.subList(0, 50);
        assertThat(ofBob).matches(confirmed());
        assertThat(ofBob.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(ofAlice).allMatch(confirmed().or(problem("request-in-progress")));
        assertThat(ofAlice.stream().filter(confirmed()).map(HttpResponse::body).distinct())
                .hasSize(1);
        assertThat(ofAlice.stream()
                        .filter(confirmed())
                        .filter(answer -> answer.headers()
                                .firstValue("Idempotent-Replayed")
                                .isEmpty()))
                .as("the one that was not a replay")
                .hasSize(1);
        assertThat(registered(competition)).isEqualTo(2);
        assertInvariants(answers, competition);
        assertThat(database.count("SELECT count(*) FROM mailbox WHERE user_id = ?", alice.id()))
                .isEqualTo(1);
    }

    @Test
    void fiftyRequestsWithFiftyKeysMakeOneRegistration() {
        var competition = database.createCompetition(100);
        var alice = TestUser.participant();
        var answers = sendAll(IntStream.range(0, 50)
                .mapToObj(i -> new Attempt(alice, competition, "key-" + i))
                .toList());
        assertThat(answers.stream().filter(confirmed())).hasSize(1);
        assertThat(answers.stream().filter(problem("already-registered"))).hasSize(49);
        assertInvariants(answers, competition);
    }

    private void assertInvariants(List<HttpResponse<String>> answers, UUID... competitions) {
        var oracle = new Oracle(database, competitions);
        oracle.awaitDrained(PATIENCE);
        oracle.assertInvariants();
        oracle.assertEveryAnswerIsARow(answers.stream()
                .filter(answer -> answer.statusCode() == 201)
                .map(answer -> UUID.fromString(json(answer).path("id").asText()))
                .distinct()
                .toList());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private long registered(UUID competition) {
        return database.count("SELECT registered FROM competitions WHERE id = ?", competition);
    }

    private static List<Attempt> attempts(int count, UUID competition) {
        return TestUser.participants(count).stream()
                .map(user -> new Attempt(user, competition, "key"))
                .toList();
    }

    /** Sends all requests before it waits for a response. */
    private static List<HttpResponse<String>> sendAll(List<Attempt> attempts) {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var sent = attempts.stream().map(CrowdTest::request).toList().stream()
                .map(request -> client.sendAsync(request, ofString()))
                .toList();
        return sent.stream().map(CompletableFuture::join).toList();
    }

    private static HttpRequest request(Attempt attempt) {
        var uri = "http://127.0.0.1:" + RestAssured.port + "/api/competitions/" + attempt.competition + "/register";
        return HttpRequest.newBuilder(URI.create(uri))
                .header("Authorization", "Bearer " + attempt.user.token())
                .header("Idempotency-Key", attempt.key)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private static Predicate<HttpResponse<String>> confirmed() {
        return answer -> answer.statusCode() == 201 && answer.body().contains("\"status\":\"confirmed\"");
    }

    private static Predicate<HttpResponse<String>> problem(String code) {
        return answer -> answer.statusCode() == 409 && answer.body().contains("\"code\":\"" + code + "\"");
    }
}
