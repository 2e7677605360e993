package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.testing.RawRequest;
import dev.minicompete.testing.TestUser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the log of production has: one JSON object for each event, with the request's id, and no secret. */
class LogIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String DB_PASSWORD = "log-secret-of-the-database";
    private static final String SMTP_PASSWORD = "log-secret-of-the-mail-server";
    private static final String PASSWORD = "log-secret-of-a-user";
    private static final String WRONG_PASSWORD = "log-secret-that-is-wrong";
    private static final String NOTE = "log-secret-of-a-note";

    @RegisterExtension
    static final Cluster cluster = new Cluster();

    private static ProductionProcess process;

    @BeforeAll
    static void start() {
        process = cluster.start(Map.of(
                "LOG_FORMAT", "json",
                "LOG_LEVEL", "DEBUG",
                "ACCESS_LOG", "true",
                "DB_PASSWORD", DB_PASSWORD,
                "MAIL_TRANSPORT", "smtp",
                "SMTP_PORT", "1",
                "SMTP_TLS", "none",
                "SMTP_USER", "mailer",
                "SMTP_PASSWORD", SMTP_PASSWORD));
    }

    @Test
    void noSecretIsEverWritten() {
        var email = UUID.randomUUID() + "@example.com";
        var account = "{\"name\":\"A\",\"email\":\"%s\",\"password\":\"%s\",\"role\":\"participant\"}";
        var session = send(new RawRequest("POST", "/api/auth/signup").json(account.formatted(email, PASSWORD)));
        var token = session.path("accessToken").asText();
        var user = new TestUser(UUID.fromString(session.at("/user/id").asText()), token);
        send(new RawRequest("POST", "/api/auth/signup").json(account.formatted(email, PASSWORD)));
        send(new RawRequest("POST", "/api/auth/signup").json(account.formatted("x", PASSWORD)));
        send(new RawRequest("POST", "/api/auth/signup").json("{\"password\":\"" + PASSWORD));
        send(new RawRequest("POST", "/api/auth/signup").json("{\"" + PASSWORD + "\":1}"));
        var login = "{\"email\":\"%s\",\"password\":\"%s\"}";
        send(new RawRequest("POST", "/api/auth/login").json(login.formatted(email, PASSWORD)));
        for (var i = 0; i < 7; i++) {
            send(new RawRequest("POST", "/api/auth/login").json(login.formatted(email, WRONG_PASSWORD)));
        }
        send(new RawRequest("GET", "/api/auth/me?access_token=" + token));
        send(new RawRequest("GET", "/api/auth/me").as(user));
        send(new RawRequest("GET", "/api/auth/me").as(user).as(user));
        send(new RawRequest("GET", "/api/auth/me").header("Authorization", "Bearer " + token + "x"));
        send(new RawRequest("GET", "/api/competitions").header("Cookie", "session=" + token));
        var competition = cluster.database().createCompetition(5);
        send(new RawRequest("POST", "/api/competitions/" + competition + "/register")
                .as(user)
                .key()
                .json("{\"note\":\"" + NOTE + "\"}"));
        send(new RawRequest("POST", "/api/competitions/" + competition + "/register")
                .as(user)
                .key());
        await("an attempt to send the mail")
                .atMost(Duration.ofSeconds(20))
                .until(() -> process.log().contains("mail:send"));
        Signals.freeze(cluster.postgres().process());
        try {
            send(new RawRequest("POST", "/api/auth/login").json(login.formatted(email, PASSWORD)));
            send(new RawRequest("GET", "/api/auth/me").as(user));
        } finally {
            Signals.thaw(cluster.postgres().process());
        }

        var hash = cluster.database().text("SELECT password_hash FROM users WHERE email = ?", email);
        var signature = token.substring(token.lastIndexOf('.') + 1);
        assertThat(process.log())
                .contains("\"level\":\"DEBUG\"")
                .doesNotContain(PASSWORD, WRONG_PASSWORD, NOTE, DB_PASSWORD, SMTP_PASSWORD)
                .doesNotContain("argon2", hash, hash.substring(hash.lastIndexOf('$') + 1))
                .doesNotContain(token, signature, "PRIVATE KEY");
        assertThat(records()).isNotEmpty();
    }

    @Test
    void whatBelongsToARequestHasItsId() {
        Signals.freeze(cluster.postgres().process());
        try {
            send(new RawRequest("GET", "/api/competitions").header("X-Request-Id", "reader-1"));
            send(new RawRequest("POST", "/api/auth/login")
                    .header("X-Request-Id", "login-1")
                    .json("{\"email\":\"a@example.com\",\"password\":\"pass123\"}"));
        } finally {
            Signals.thaw(cluster.postgres().process());
        }
        // The outage is told once, by whoever met it first; both leave records of other levels.
        await("a warning of the first")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(levels("reader-1")).contains("WARN"));
        assertThat(levels("login-1")).isNotEmpty();
    }

    /** Of the records of a request. */
    private List<String> levels(String requestId) {
        return records().stream()
                .filter(event -> event.at("/mdc/requestId").asText().equals(requestId))
                .map(event -> event.path("level").asText())
                .toList();
    }

    @Test
    void anAccessHasItsIdButNotItsQuery() {
        send(new RawRequest("GET", "/api/competitions?q=secret-word").header("X-Request-Id", "access-1"));
        await("its record")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(records())
                        .filteredOn(event -> event.path("message").asText().contains("access-1"))
                        .singleElement()
                        .satisfies(event -> assertThat(event.path("message").asText())
                                .contains("GET /api/competitions 200")
                                .doesNotContain("secret-word")));
    }

    @Test
    void whatAClientDoesWrongIsNoError() {
        send(new RawRequest("GET", "/api/auth/me").header("X-Request-Id", "wrong-1"));
        send(new RawRequest("GET", "/api/auth/me")
                .header("Authorization", "Bearer x.y.z")
                .header("X-Request-Id", "wrong-2"));
        send(new RawRequest("GET", "/api/nowhere").header("X-Request-Id", "wrong-3"));
        send(new RawRequest("POST", "/api/auth/login").json("{").header("X-Request-Id", "wrong-4"));
        send(new RawRequest("GET", "/api/competitions").header("X-Request-Id", "right-1"));
        await("what came before it to be written")
                .atMost(Duration.ofSeconds(10))
                .until(() -> process.log().contains("right-1"));
        for (var wrong = 1; wrong <= 4; wrong++) {
            assertThat(levels("wrong-" + wrong)).isNotEmpty().doesNotContain("WARN", "ERROR");
        }
    }

    @Test
    void nothingSentLooksLikeAnotherEvent() {
        var forged = "x\n{\"level\":\"FATAL\",\"message\":\"forged\"}\r\n2030-01-01 FATAL forged\u001b[2J";
        send(new RawRequest("POST", "/api/auth/login")
                .json("{\"" + forged.replace("\n", "\\n").replace("\r", "") + "\":1}"));
        try (var redis = cluster.commands()) {
            redis.run("LPUSH", "{jobs}:ready", forged);
        }
        await("the entry to be seen")
                .atMost(Duration.ofSeconds(20))
                .until(() -> process.log().contains("is not the id of a job"));
        assertThat(records())
                .noneMatch(event -> event.path("level").asText().equals("FATAL"))
                .allMatch(event -> event.has("timestamp") && event.has("message") && event.has("loggerName"));
        assertThat(process.log()).doesNotContain("\u001b");
    }

    /** Every line of the log; each must be one JSON object. */
    private static List<JsonNode> records() {
        var log = process.log();
        return log.substring(0, log.lastIndexOf('\n'))
                .lines()
                .map(line -> {
                    try {
                        return MAPPER.readTree(line);
                    } catch (JsonProcessingException e) {
                        throw new AssertionError("no JSON: " + line, e);
                    }
                })
                .toList();
    }

    private static JsonNode send(RawRequest request) {
        var answer = request.send(process.api().getPort());
        return answer.body().startsWith("{") ? answer.json() : MAPPER.createObjectNode();
    }
}
