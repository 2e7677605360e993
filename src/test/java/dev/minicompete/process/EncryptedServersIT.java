package dev.minicompete.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.dev.EmbeddedServers;
import dev.minicompete.dev.RedisServer;
import dev.minicompete.testing.FullRun;
import dev.minicompete.testing.TestCertificates;
import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A PostgreSQL that accepts the application's role only with TLS, and a Redis with TLS. Names and passwords have characters that
 * shells, URLs and configurations treat specially. Both have a certificate of a private authority, for localhost only.
 */
class EncryptedServersIT {

    private static final String ROLE = "mini${x}$$";
    private static final String DATABASE = "seats$$${x}";
    private static final String PASSWORD = "p$$a${DB_USER}+ss\\$ {#%41'\"ü";

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static TestCertificates others;
    private static String root;
    private static EmbeddedServers servers;
    private static RedisServer redis;
    private static int redisTls;
    private static String key;

    @BeforeAll
    static void start() throws IOException, SQLException {
        certificates = TestCertificates.create(directory.resolve("certificates"));
        others = TestCertificates.create(directory.resolve("others"));
        root = Files.copy(certificates.root(), directory.resolve("root $$${x}.pem"))
                .toString();
        key = directory.resolve("jwt.pem").toString();
        TestTokens.createKey(Path.of(key));
        var access = Files.writeString(directory.resolve("pg_hba.conf"), """
                host    all postgres,minicompete 127.0.0.1/32 trust
                hostssl all all                  127.0.0.1/32 scram-sha-256
                """);
        servers = EmbeddedServers.temporary(Map.of(
                "ssl", "on",
                "ssl_cert_file", certificates.certificate().toString(),
                "ssl_key_file", certificates.key().toString(),
                "hba_file", access.toString(),
                "listen_addresses", "127.0.0.1"));
        execute("CREATE ROLE \"" + ROLE + "\" LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
        execute("CREATE DATABASE \"" + DATABASE + "\" OWNER \"" + ROLE + "\"");
        startRedis();
    }

    private static void execute(String sql) throws SQLException {
        try (var superuser = DriverManager.getConnection(servers.postgres().jdbcUrl("postgres"));
                var statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void startRedis() {
        redisTls = Ports.free();
        redis = new RedisServer(
                directory.resolve("redis"),
                0,
                List.of(
                        "--tls-port",
                        "" + redisTls,
                        "--tls-cert-file",
                        certificates.certificate().toString(),
                        "--tls-key-file",
                        certificates.key().toString(),
                        "--tls-ca-cert-file",
                        certificates.root().toString(),
                        "--tls-auth-clients",
                        "no",
                        "--save",
                        ""));
        redis.start();
        try (var commands = new RedisCommands(redis.port())) {
            commands.run("ACL", "SETUSER", "app", "on", ">a+b $c", "~*", "&*", "+@all");
        }
    }

    @AfterAll
    static void stop() {
        redis.close();
        servers.close();
    }

    private static Map<String, String> environment(Map<String, String> variables) {
        var environment = new HashMap<>(Cluster.SHORT_LIMITS);
        environment.putAll(Map.of(
                "DB_HOST", "localhost",
                "DB_PORT", "" + servers.postgres().port(),
                "DB_NAME", DATABASE,
                "DB_USER", ROLE,
                "DB_PASSWORD", PASSWORD,
                "DB_SSL_MODE", "verify-full",
                "DB_SSL_ROOT_CERT", root,
                "REDIS_URL", "rediss://app:a+b%20$c@localhost:" + redisTls,
                "REDIS_SSL_ROOT_CERT", root,
                "JWT_PRIVATE_KEY_FILE", key));
        environment.putAll(variables);
        environment.values().removeIf(String::isEmpty);
        return environment;
    }

    @Test
    void processServesAndWorksOnJobs() {
        try (var process = ProductionProcess.start(environment(Map.of()))) {
            assertServes(process);
            assertThat(process.log()).doesNotContain("ERROR");
            await("the metric")
                    .until(() -> process.management("/q/metrics").body().contains("\nredis_up 1.0"));
        }
    }

    /** A registration and its mail, which takes both servers. */
    private static void assertServes(ProductionProcess process) {
        var competition =
                Http.post(process.api().resolve("/api/competitions"), signUp(process, "organizer"), """
                {"title":"Encrypted","capacity":5,"regDeadline":"%s"}""".formatted(
                                Instant.now().plusSeconds(3600)));
        assertThat(competition.status()).as(competition.body()).isEqualTo(201);
        var participant = signUp(process, "participant");
        assertThat(Http.register(process.api(), competition.id(), participant, "abc123")
                        .status())
                .isEqualTo(201);
        await("the mail")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Http.get(process.api().resolve("/api/mailbox"), participant)
                        .body()
                        .contains("Encrypted"));
    }

    private static String signUp(ProductionProcess process, String role) {
        var session =
                Http.post(process.api().resolve("/api/auth/signup"), """
                {"name":"A","email":"%s-%d@example.com","password":"pass123","role":"%s"}""".formatted(role, System.nanoTime(), role));
        assertThat(session.status()).as(session.body()).isEqualTo(201);
        return session.json().get("accessToken").asText();
    }

    /** The last two know no name: the chain is verified, or nothing is. */
    @FullRun
    @ParameterizedTest
    @CsvSource({"prefer, false, localhost", "require, true, 127.0.0.1", "require, false, 127.0.0.1"})
    void otherModesReachServerThatRequiresTls(String mode, boolean withRoot, String host) {
        try (var process = ProductionProcess.start(
                environment(Map.of("DB_SSL_MODE", mode, "DB_SSL_ROOT_CERT", withRoot ? root : "", "DB_HOST", host)))) {
            assertServes(process);
        }
    }

    @FullRun
    @Test
    void certificateOfAnotherAuthorityIsRefusedAlsoWithoutTheName() {
        refused(Map.of(
                        "DB_SSL_MODE",
                        "require",
                        "DB_SSL_ROOT_CERT",
                        others.root().toString()))
                .assertRefusal("DB_SSL_ROOT_CERT: ");
    }

    @Test
    void certificateOfAnotherAuthorityIsRefusedInOneLine() {
        refused(Map.of("DB_SSL_ROOT_CERT", others.root().toString())).assertRefusal("DB_SSL_ROOT_CERT: ");
    }

    @Test
    void certificateOfAnotherHostIsRefusedInOneLine() {
        refused(Map.of("DB_HOST", "127.0.0.1")).assertRefusal("DB_SSL_MODE: ", "127.0.0.1");
    }

    @Test
    void connectionThatServerRefusesWithoutTlsIsReportedInOneLine() {
        refused(Map.of("DB_SSL_MODE", "disable", "DB_SSL_ROOT_CERT", ""))
                .assertRefusal("DB_SSL_MODE: ", "no encryption");
    }

    private static ProductionProcess.Ended refused(Map<String, String> variables) {
        return ProductionProcess.runToItsEnd(environment(variables));
    }

    /** It is a problem of the configuration that the process outlives, so it must be said. */
    @FullRun
    @ParameterizedTest
    @CsvSource({"true, localhost", "false, 127.0.0.1"})
    void redisWithWrongCertificateIsLoggedOnce(boolean otherAuthority, String host) {
        var trusted = otherAuthority ? others.root().toString() : root;
        var url = "rediss://app:a+b%20$c@" + host + ":" + redisTls;
        try (var process =
                ProductionProcess.start(environment(Map.of("REDIS_SSL_ROOT_CERT", trusted, "REDIS_URL", url)))) {
            await("the line")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> process.log().contains("REDIS_URL or REDIS_SSL_ROOT_CERT: "));
            assertThat(process.management("/q/metrics").body()).contains("\nredis_up 0.0");
        }
    }
}
