package dev.minicompete.platform.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.minicompete.testing.TestCertificates;
import dev.minicompete.testing.TestTokens;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes in the environment are reported before anything starts. */
class EnvironmentTest {

    private static final Pattern EXAMPLE = Pattern.compile("(?m)^#?([A-Z][A-Z_]*)=(.*)$");

    /** Variables that accept any text. */
    private static final List<String> FREE = List.of("DB_PASSWORD", "SMTP_USER", "SMTP_PASSWORD");

    /** Not a host, a number, a duration, a keyword, a file or an address. */
    private static final String BAD = "no such/thing";

    @TempDir
    private static Path directory;

    private static Path key;

    @BeforeAll
    static void createKey() throws IOException {
        key = directory.resolve("jwt.pem");
        TestTokens.createKey(key);
    }

    private static Optional<String> refusal(Map<String, String> variables) {
        var values = new HashMap<>(Map.of("DB_PASSWORD", "secret", "JWT_PRIVATE_KEY_FILE", key.toString()));
        values.putAll(variables);
        return new Environment(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(values, "test", 100))
                        .build())
                .firstError();
    }

    private static Map<String, String> example() throws IOException {
        var variables = new HashMap<String, String>();
        var lines = EXAMPLE.matcher(Files.readString(Path.of(".env.example")));
        while (lines.find()) {
            variables.put(lines.group(1), lines.group(2));
        }
        assertThat(variables).hasSizeGreaterThan(25);
        return variables;
    }

    static Stream<String> checkedVariables() throws IOException {
        return example().keySet().stream().filter(name -> !FREE.contains(name)).sorted();
    }

    @ParameterizedTest
    @MethodSource("checkedVariables")
    void invalidValueIsReportedInOneLineThatNamesTheVariable(String variable) {
        assertThat(refusal(Map.of(variable, BAD)))
                .as("a variable that Environment does not know")
                .isPresent();
        assertThat(refusal(Map.of(variable, BAD)).orElseThrow())
                .startsWith(variable + ": ")
                .doesNotContain("\n");
    }

    @Test
    void valuesOfEnvExampleAreAccepted() throws IOException {
        var variables = new HashMap<>(example());
        variables.keySet().removeAll(List.of("DB_PASSWORD", "JWT_PRIVATE_KEY_FILE"));
        assertThat(refusal(variables)).isEmpty();
        assertThat(refusal(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, 65536",
        "PORT, -1",
        "PORT, ''",
        "DB_PORT, 0",
        "MANAGEMENT_PORT, 80a",
        "HOST, 192.0.2.7",
        "HOST, ''",
        "JWT_TTL, PT0S",
        "JWT_TTL, -PT1H",
        "REMINDER_WINDOW, tomorrow",
        "JOB_MAX_ATTEMPTS, 0",
        "JOB_MAX_ATTEMPTS, 1.5",
        "WORKER_ENABLED, yes",
        "MIGRATE_ONLY, TRUE",
        "REMINDER_CRON, * * * * *",
        "REMINDER_CRON, 61 0 0 * * ?",
        "REMINDER_CRON, 0 0 0 1 1 ? 2020",
        "REMINDER_CRON, 0 0 0 31 2 ?",
        "MAIL_TRANSPORT, SMTP",
        "SMTP_TLS, ssl",
        "SMTP_FROM, nobody",
        "SMTP_FROM, no..body@example.com",
        "SMTP_FROM, Nobody <.nobody@example.com>",
        "SMTP_FROM, ö@example.com",
        "PUBLIC_URL, ''",
        "PUBLIC_URL, compete.example.org",
        "PUBLIC_URL, ftp://compete.example.org",
        "PUBLIC_URL, https://compete.example.org/?page=1",
        "TRUSTED_PROXIES, 10.0.0.0/33",
        "DB_NAME, a+b",
        "DB_SSL_MODE, verify-ca",
        "DB_SSL_MODE, REQUIRE",
        "DB_SSL_MODE, ''",
        "DB_HOST, ''",
        "DB_HOST, '::1'",
        "DB_HOST, localhost:5432",
        "DB_HOST, '[::1'",
        "DB_HOST, '[::1]:5432'",
        "SMTP_HOST, mail.example.org:587",
        "HTTP_IDLE_TIMEOUT, PT0S",
        "HTTP_IDLE_TIMEOUT, PT0.5S",
        "REDIS_URL, redis://:a#b@localhost",
        "REDIS_URL, redis://localhost#b",
        "REDIS_URL, redis://:a/b@localhost",
        "REDIS_URL, redis://password@localhost",
        "TRUSTED_PROXIES, '[::1'",
        "TRUSTED_PROXIES, '::1/129'",
        "REDIS_URL, http://localhost",
        "REDIS_URL, localhost:6379",
        "REDIS_URL, redis://localhost:99999"
    })
    void plausibleButInvalidValueIsRejected(String variable, String value) {
        assertThat(refusal(Map.of(variable, value)).orElse("")).startsWith(variable + ": ");
    }

    @ParameterizedTest
    @CsvSource({
        "PORT, 0",
        "HOST, 127.0.0.1",
        "HOST, '::'",
        "HOST, localhost",
        "DB_HOST, '[::1]'",
        "DB_HOST, db.internal",
        "DB_HOST, my_db",
        "DB_NAME, a$$${b}",
        "DB_USER, a+$b",
        "DB_SSL_MODE, verify-full",
        "DB_SSL_ROOT_CERT, ''",
        "REDIS_SSL_ROOT_CERT, ''",
        "SMTP_HOST, '::1'",
        "SMTP_HOST, '[::1]'",
        "HTTP_IDLE_TIMEOUT, PT620S",
        "JWT_TTL, 90s",
        "REDIS_URL, ''",
        "REMINDER_CRON, 0 0 0 29 2 ? *",
        "REMINDER_CRON, 0 0 0 1 1 ? 2020-2099",
        "PURGE_AFTER, P30D",
        "SMTP_FROM, Mini Compete <noreply@example.com>",
        "SMTP_FROM, no.reply@example.com",
        "PUBLIC_URL, https://compete.example.org",
        "PUBLIC_URL, https://example.org/compete/",
        "PUBLIC_URL, 'http://[2001:db8::1]:3000'",
        "'TRUSTED_PROXIES', '10.0.0.0/8, ::1, proxy.internal'"
    })
    void valueThatQuarkusUnderstandsIsAccepted(String variable, String value) {
        assertThat(refusal(Map.of(variable, value))).isEmpty();
    }

    /** They have 60 s, and would send a request into a connection that is just being closed. */
    @Test
    void idleConnectionsLiveLongerThanThoseOfLoadBalancers() throws IOException {
        assertThat(Duration.parse(example().get("HTTP_IDLE_TIMEOUT"))).isGreaterThan(Duration.ofSeconds(60));
    }

    @Test
    void secretsAreRequiredExceptSigningKeyForMigrationOnly() {
        assertThat(refusal(Map.of("DB_PASSWORD", ""))).contains("DB_PASSWORD is not set");
        assertThat(refusal(Map.of("JWT_PRIVATE_KEY_FILE", "")).orElseThrow())
                .startsWith("JWT_PRIVATE_KEY_FILE is not set");
        assertThat(refusal(Map.of("JWT_PRIVATE_KEY_FILE", "", "MIGRATE_ONLY", "true")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DB_PASSWORD", "SMTP_FROM", "PUBLIC_URL"})
    void charactersThatTheLocaleDoesNotKnowAreRejected(String variable) {
        assertThat(refusal(Map.of(variable, "M\uFFFD\uFFFDnchen")))
                .contains(variable + ": it has characters that the locale does not know; set LANG=C.UTF-8");
    }

    @Test
    void publicUrlIsRequiredWhereMailsLinkToIt() {
        assertThat(refusal(Map.of("MAIL_TRANSPORT", "mailbox"))).isEmpty();
        assertThat(refusal(Map.of("MAIL_TRANSPORT", "smtp")).orElseThrow()).startsWith("PUBLIC_URL is not set");
        assertThat(refusal(Map.of("MAIL_TRANSPORT", "smtp", "PUBLIC_URL", "https://compete.example.org")))
                .isEmpty();
    }

    @Test
    void unusableSigningKeyIsRejected() throws IOException {
        var weak = directory.resolve("weak.pem");
        TestTokens.createKey(weak, 1024);
        var none = Files.writeString(directory.resolve("none.pem"), "no key at all");
        assertKeyRejected("JWT_PRIVATE_KEY_FILE", directory.resolve("missing.pem"), "cannot be read");
        assertKeyRejected("JWT_PRIVATE_KEY_FILE", none, "no -----BEGIN PRIVATE KEY-----");
        assertKeyRejected("JWT_PRIVATE_KEY_FILE", weak, "is weak");
    }

    @Test
    void unusablePreviousKeyIsRejected() throws IOException {
        var weak = directory.resolve("weak-private.pem");
        TestTokens.createKey(weak, 1024);
        var der = Base64.getMimeEncoder()
                .encodeToString(new TestTokens(weak).publicKey().getEncoded());
        var weakPublic = Files.writeString(
                directory.resolve("weak.pub.pem"),
                "-----BEGIN PUBLIC KEY-----\n" + der + "\n-----END PUBLIC KEY-----\n");
        assertKeyRejected("JWT_PREVIOUS_PUBLIC_KEY_FILES", directory.resolve("missing.pem"), "cannot be read");
        assertKeyRejected("JWT_PREVIOUS_PUBLIC_KEY_FILES", key, "no -----BEGIN PUBLIC KEY-----");
        assertKeyRejected("JWT_PREVIOUS_PUBLIC_KEY_FILES", weakPublic, "is weak");
    }

    @Test
    void fileWithoutCertificatesIsRejected() throws IOException {
        for (var variable : List.of("DB_SSL_ROOT_CERT", "REDIS_SSL_ROOT_CERT")) {
            assertKeyRejected(variable, directory.resolve("missing.pem"), "cannot be read");
            assertKeyRejected(variable, key, "there is no certificate in ");
        }
    }

    @Test
    void certificatesThatNothingWouldBeComparedWithAreRejected() throws IOException {
        var root = TestCertificates.create(directory.resolve("certificates")).root();
        for (var mode : List.of("disable", "prefer")) {
            assertThat(refusal(Map.of("DB_SSL_ROOT_CERT", root.toString(), "DB_SSL_MODE", mode))
                            .orElse(""))
                    .startsWith("DB_SSL_ROOT_CERT: ");
        }
        assertKeyRejected("DB_SSL_ROOT_CERT", root, "DB_SSL_MODE must be");
        assertKeyRejected("REDIS_SSL_ROOT_CERT", root, "REDIS_URL must begin with rediss://");
        for (var mode : List.of("require", "verify-full")) {
            assertThat(refusal(Map.of(
                            "DB_SSL_ROOT_CERT",
                            root.toString(),
                            "DB_SSL_MODE",
                            mode,
                            "REDIS_SSL_ROOT_CERT",
                            root.toString(),
                            "REDIS_URL",
                            "rediss://redis.internal")))
                    .isEmpty();
        }
    }

    private static void assertKeyRejected(String variable, Path file, String reason) {
        assertThat(refusal(Map.of(variable, file.toString())).orElse(""))
                .startsWith(variable + ": ")
                .contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "app.example.org", "https://app.example.org/", "https://a.example,*"})
    void invalidOriginIsRejected(String origin) {
        assertThat(refusal(Map.of("CORS_ORIGINS", origin)).orElse(""))
                .startsWith("CORS_ORIGINS: ")
                .contains("is not an origin");
    }

    @Test
    void errorsShowNoPassword() {
        assertThat(refusal(Map.of("REDIS_URL", "redis://:top-secret@")).orElseThrow())
                .doesNotContain("top-secret");
        assertThat(refusal(Map.of("REDIS_URL", "redis://:top secret@host")).orElseThrow())
                .doesNotContain("top secret");
    }
}
