package dev.minicompete.process;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.minicompete.dev.EmbeddedServers;
import dev.minicompete.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Servers with the rows of large-database.sql, where PostgreSQL writes down the plan of every statement (auto_explain). */
final class LargeDatabase implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Flyway's and the drivers'. */
    private static final Pattern OTHERS =
            Pattern.compile("pg_catalog|pg_namespace|flyway|pg_advisory|SELECT 1$|^SELECT set_config");

    private final Path logs;
    private final EmbeddedServers servers;
    private long position;

    LargeDatabase() throws IOException, SQLException {
        logs = Files.createTempDirectory("mini-compete-plans-");
        servers = EmbeddedServers.temporary(Map.of(
                "shared_buffers", "512MB",
                "max_wal_size", "4GB",
                "autovacuum", "off",
                "session_preload_libraries", "auto_explain",
                "logging_collector", "on",
                "log_destination", "jsonlog",
                "log_directory", logs.toString(),
                "log_filename", "plans.log"));
        TestDatabase.of(servers).migrate();
        execute(resource("/large-database.sql"));
        execute("VACUUM ANALYZE");
        for (var setting :
                List.of("log_analyze = on", "log_buffers = on", "log_timing = off", "log_nested_statements = on")) {
            execute("ALTER DATABASE minicompete SET auto_explain." + setting);
        }
        execute("ALTER DATABASE minicompete SET auto_explain.log_format = json");
        execute("ALTER DATABASE minicompete SET auto_explain.log_min_duration = 0");
    }

    EmbeddedServers servers() {
        return servers;
    }

    /** The n-th user, competition or registration. */
    static UUID nth(int n) {
        return UUID.fromString("00000000-0000-7000-8000-%012d".formatted(n));
    }

    void execute(String sql) throws SQLException {
        try (var superuser = DriverManager.getConnection(servers.postgres().jdbcUrl("postgres"))) {
            superuser.createStatement().execute(sql);
        }
    }

    /** What was run since this was last asked; everything that was answered by now is among it. */
    List<ExplainedStatement> statements() throws SQLException {
        var mark = "SELECT '" + UUID.randomUUID() + "'";
        execute(mark);
        var statements = new ArrayList<ExplainedStatement>();
        await("the log").pollInterval(Duration.ofMillis(5)).until(() -> {
            statements.addAll(read());
            return statements.stream().anyMatch(statement -> statement.sql().equals(mark));
        });
        statements.removeIf(statement ->
                statement.sql().equals(mark) || OTHERS.matcher(statement.sql()).find());
        return statements;
    }

    private List<ExplainedStatement> read() throws IOException {
        try (var log = Files.newByteChannel(logs.resolve("plans.json"))) {
            log.position(position);
            var bytes = Channels.newInputStream(log).readAllBytes();
            var text = new String(bytes, StandardCharsets.UTF_8);
            var whole = text.substring(0, text.lastIndexOf('\n') + 1);
            position += whole.getBytes(StandardCharsets.UTF_8).length;
            return whole.lines()
                    .map(line -> json(line).path("message").asText())
                    .filter(message -> message.startsWith("duration: ") && message.contains(" plan:\n"))
                    .map(message -> json(message.substring(message.indexOf('\n'))))
                    .map(plan -> new ExplainedStatement(plan.get("Query Text").asText(), plan.get("Plan")))
                    .toList();
        }
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private static String resource(String name) {
        try (var stream = LargeDatabase.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process on these servers. */
    ProductionProcess start(Map<String, String> variables) {
        var environment = new HashMap<>(servers.environment());
        environment.putAll(variables);
        return ProductionProcess.start(environment);
    }

    @Override
    public void close() {
        servers.close();
    }
}
