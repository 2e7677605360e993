package dev.minicompete.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.minicompete.testing.FullRun;
import java.io.IOException;
import java.net.Socket;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What dev mode and the tests of failures count on. */
class EmbeddedServersTest {

    private static EmbeddedServers servers;

    @BeforeAll
    static void start() {
        servers = EmbeddedServers.temporary(Map.of("max_connections", "42"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void postgresIsSetUpLikeProduction() throws SQLException {
        assertThat(query("SHOW fsync")).isEqualTo("on");
        assertThat(query("SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query("SHOW max_connections")).isEqualTo("42");
        assertThat(query("SHOW is_superuser")).isEqualTo("off");
        assertThat(query("SELECT lower('É')")).isEqualTo("é");
    }

    @Test
    void theApplicationsRoleMayCreateTrigrams() throws SQLException {
        execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
        assertThat(query("SELECT show_trgm('é') <> '{}'")).isEqualTo("t");
    }

    @Test
    void postgresKeepsPortAndDataThroughStopAndCrash() throws SQLException {
        execute("CREATE TABLE kept (n int)");
        int port = servers.postgres().port();
        servers.postgres().stop();
        servers.postgres().start();
        execute("INSERT INTO kept VALUES (1)");
        servers.postgres().kill();
        servers.postgres().start();
        assertThat(query("SELECT count(*) FROM kept")).isEqualTo("1");
        assertThat(servers.postgres().port()).isEqualTo(port);
    }

    @Test
    void redisKeepsItsPortThroughStopAndCrash() throws IOException {
        int port = servers.redis().port();
        servers.redis().stop();
        servers.redis().start();
        servers.redis().kill();
        // A process that has ended counts as alive until its parent has noticed.
        await().until(() -> !servers.redis().process().isAlive());
        servers.redis().start();
        assertThat(servers.redis().port()).isEqualTo(port);
        assertThat(redis("PING")).isEqualTo("+PONG");
    }

    @FullRun
    @Test
    void startReplacesARunningServer() throws SQLException {
        ProcessHandle postgres = servers.postgres().process();
        ProcessHandle redis = servers.redis().process();
        servers.postgres().start();
        servers.redis().start();
        assertThat(servers.postgres().process()).isNotEqualTo(postgres);
        assertThat(servers.redis().process()).isNotEqualTo(redis);
        assertThat(query("SELECT 1")).isEqualTo("1");
    }

    @FullRun
    @Test
    void pairsRunSideBySide() throws SQLException {
        try (EmbeddedServers others = EmbeddedServers.temporary(Map.of())) {
            assertThat(others.environment()).containsKeys("DB_HOST", "DB_PORT", "REDIS_URL");
            assertThat(others.postgres().port()).isNotEqualTo(servers.postgres().port());
            assertThat(query("SELECT 1")).isEqualTo("1");
        }
    }

    private static String query(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(servers.postgres().jdbcUrl(PostgresServer.NAME));
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(servers.postgres().jdbcUrl(PostgresServer.NAME))) {
            connection.createStatement().execute(sql);
        }
    }

    private static String redis(String command) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", servers.redis().port())) {
            socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), US_ASCII);
        }
    }
}
