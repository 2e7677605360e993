package dev.minicompete.testing;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.minicompete.dev.EmbeddedServers;
import dev.minicompete.dev.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/** Plain JDBC beside the application. A connection is used again while it is good, so that a server may come and go. */
public final class TestDatabase {

    /** The password of every user made here. */
    public static final String PASSWORD = "pass123";

    private static final String PASSWORD_HASH =
            "$argon2id$v=19$m=19456,t=2,p=1$bWluaS1jb21wZXRlLXRzdA$SKxTmyp0xKdZe/r3Ol1xUIVSd+MQVuBEuGrdqjXtnLw";

    /** Those that stand idle, by the URL of their database: to make one costs more than most of what is asked. */
    private static final Map<String, Deque<Connection>> IDLE = new ConcurrentHashMap<>();

    private static final int PATIENCE_SECONDS = 1;

    private final String host;
    private final int port;
    private final String name;

    public TestDatabase(String host, int port, String name) {
        this.host = host;
        this.port = port;
        this.name = name;
    }

    /** The application's database on these servers. */
    public static TestDatabase of(EmbeddedServers servers) {
        return new TestDatabase("127.0.0.1", servers.postgres().port(), PostgresServer.NAME);
    }

    /** A new database beside this one, with the application's tables and nothing in them. */
    public TestDatabase scratch() {
        var scratch = empty();
        scratch.migrate();
        return scratch;
    }

    /** A new database without any table, whose locale knows no letters but ASCII. */
    public TestDatabase emptyInLocaleC() {
        return create("template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'");
    }

    /** A new database beside this one, without any table. */
    public TestDatabase empty() {
        return create("template1");
    }

    /** A new database beside this one that begins as a copy of it; nobody may be connected to this one. */
    public TestDatabase copy() {
        return create(name);
    }

    private TestDatabase create(String template) {
        var created = new TestDatabase(
                host, port, "scratch_" + UUID.randomUUID().toString().replace('-', '_'));
        executeAsSuperuser(
                "CREATE DATABASE %s OWNER %s TEMPLATE %s".formatted(created.name, PostgresServer.NAME, template));
        return created;
    }

    /** Drops this database and ends its connections. */
    public void drop() {
        new TestDatabase(host, port, "postgres").executeAsSuperuser("DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** Executes what only a superuser may. */
    public void executeAsSuperuser(String sql) {
        try (var superuser = DriverManager.getConnection(url("postgres"));
                var statement = superuser.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the application's tables, where no application does. */
    public void migrate() {
        migrate("classpath:db/migration");
    }

    /** Does what the next version of the application might: more migrations, each of which is about one table as ours are. */
    public void migrateFurther(String... migrations) {
        try {
            var directory = Files.createTempDirectory("mini-compete-migration-");
            var files = new ArrayList<Path>();
            for (var migration : migrations) {
                var file = directory.resolve("V%d__future.sql".formatted(9000 + files.size()));
                files.add(Files.writeString(file, migration));
            }
            migrate("classpath:db/migration", "filesystem:" + directory);
            for (var file : files) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void migrate(String... locations) {
        Flyway.configure()
                .dataSource(url(PostgresServer.NAME), PostgresServer.NAME, PostgresServer.NAME)
                .locations(locations)
                .load()
                .migrate();
    }

    private String url(String user) {
        return "jdbc:postgresql://%s:%d/%s?user=%s&prepareThreshold=0".formatted(host, port, name, user);
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String name() {
        return name;
    }

    /** A connection for a test that holds locks or transactions; to be closed by it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(PostgresServer.NAME));
    }

    public UUID createOrganizer() {
        return createUsers(1, TestTokens.ORGANIZER).get(0);
    }

    public UUID createParticipant() {
        return createUsers(1, TestTokens.PARTICIPANT).get(0);
    }

    public List<UUID> createParticipants(int count) {
        return createUsers(count, TestTokens.PARTICIPANT);
    }

    /** Makes users of a role, whose e-mail addresses are {@code <id>@example.com}. */
    public List<UUID> createUsers(int count, String role) {
        var ids = IntStream.range(0, count)
                .mapToObj(i -> UuidCreator.getTimeOrderedEpoch())
                .toList();
        execute("""
                INSERT INTO users (id, name, email, role, password_hash)
                SELECT id, 'User ' || n, id || '@example.com', ?, ?
                FROM unnest(?) WITH ORDINALITY AS u (id, n)
                """, role, PASSWORD_HASH, ids.toArray(UUID[]::new));
        return ids;
    }

    /** Makes a competition of ten seats, open for an hour; the given columns are as given instead. */
    public UUID createCompetition(UUID organizer, Map<String, ?> columns) {
        var deadline = Instant.now().plus(Duration.ofHours(1));
        var row = new LinkedHashMap<String, Object>();
        row.put("id", UuidCreator.getTimeOrderedEpoch());
        row.put("organizer_id", organizer);
        row.put("title", "Hackathon");
        row.put("capacity", 10);
        row.put("reg_deadline", deadline);
        row.put("starts_at", deadline);
        row.putAll(columns);
        var placeholders = row.keySet().stream().map(column -> "?").collect(Collectors.joining(", "));
        execute(
                "INSERT INTO competitions (" + String.join(", ", row.keySet()) + ") VALUES (" + placeholders + ")",
                row.values().toArray());
        return (UUID) row.get("id");
    }

    /** Makes a competition of so many seats with an organizer of its own. */
    public UUID createCompetition(int capacity) {
        return createCompetition(createOrganizer(), Map.of("capacity", capacity));
    }

    /**
     * Registers these participants as if each had been confirmed on the spot and got the mail, without any load on the
     * application; returns the ids.
     */
    public List<UUID> createConfirmed(UUID competition, List<UUID> participants) {
        var ids = participants.stream()
                .map(participant -> UuidCreator.getTimeOrderedEpoch())
                .toList();
        execute("""
                WITH made AS (
                    INSERT INTO registrations (id, competition_id, participant_id, status, first_status)
                    SELECT r.id, ?, r.participant, 'confirmed', 'confirmed' FROM unnest(?, ?) AS r (id, participant)
                    RETURNING id, competition_id, participant_id),
                mailed AS (
                    INSERT INTO mailbox (id, user_id, kind, subject, body, competition_id, registration_id)
                    SELECT uuid_v7(), participant_id, 'confirmation', 's', 'b', competition_id, id FROM made)
                UPDATE competitions SET registered = registered + (SELECT count(*) FROM made) WHERE id = ?
                """, competition, ids.toArray(UUID[]::new), participants.toArray(UUID[]::new), competition);
        return ids;
    }

    /** Puts these participants on the waitlist in their order, as if each had registered and got the mail. */
    public void createWaitlisted(UUID competition, List<UUID> participants) {
        execute("""
                WITH made AS (
                    INSERT INTO registrations (id, competition_id, participant_id, status, place, first_status, first_position,
                        created_at)
                    SELECT uuid_v7(), c.id, w.participant, 'waitlisted', c.last_place + w.n, 'waitlisted', c.waitlisted + w.n,
                        clock_timestamp()
                    FROM competitions c, unnest(?) WITH ORDINALITY AS w (participant, n) WHERE c.id = ?
                    RETURNING id, competition_id, participant_id),
                mailed AS (
                    INSERT INTO mailbox (id, user_id, kind, subject, body, competition_id, registration_id)
                    SELECT uuid_v7(), participant_id, 'waitlisted', 's', 'b', competition_id, id FROM made)
                UPDATE competitions SET waitlisted = waitlisted + n, last_place = last_place + n
                FROM (SELECT count(*) AS n FROM made) m WHERE id = ?
                """, participants.toArray(UUID[]::new), competition, competition);
    }

    /** Empties every table. TRUNCATE would make new files for each, which takes a second to be safe on the disk. */
    public void truncate() {
        execute(Stream.of(
                        "reminders",
                        "mailbox",
                        "failed_jobs",
                        "outbox",
                        "registrations",
                        "waitlist_blocks",
                        "competitions",
                        "users",
                        "login_failures")
                .map(table -> "DELETE FROM " + table)
                .collect(Collectors.joining("; ")));
    }

    public int execute(String sql, Object... parameters) {
        return with(sql, parameters, statement -> {
            statement.execute();
            return Math.max(0, statement.getUpdateCount());
        });
    }

    public long count(String sql, Object... parameters) {
        return ((Number) rows(sql, parameters).get(0).values().iterator().next()).longValue();
    }

    /** The first column of every row as text. */
    public List<String> texts(String sql, Object... parameters) {
        return rows(sql, parameters).stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    /** The first column of the one row there is, as text. */
    public String text(String sql, Object... parameters) {
        var texts = texts(sql, parameters);
        if (texts.size() != 1) {
            throw new IllegalStateException(texts.size() + " rows instead of one: " + sql);
        }
        return texts.get(0);
    }

    public List<Map<String, Object>> rows(String sql, Object... parameters) {
        return with(sql, parameters, statement -> {
            var rows = new ArrayList<Map<String, Object>>();
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(row(result));
                }
            }
            return rows;
        });
    }

    private static Map<String, Object> row(ResultSet result) throws SQLException {
        var row = new LinkedHashMap<String, Object>();
        var columns = result.getMetaData();
        for (var i = 1; i <= columns.getColumnCount(); i++) {
            row.put(columns.getColumnLabel(i), result.getObject(i));
        }
        return row;
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(String sql, Object[] parameters, Use<T> use) {
        var idle = IDLE.computeIfAbsent(url(PostgresServer.NAME), url -> new ConcurrentLinkedDeque<>());
        try {
            var connection = take(idle);
            try (var statement = connection.prepareStatement(sql)) {
                for (var i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, value(connection, parameters[i]));
                }
                return use.of(statement);
            } finally {
                idle.push(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection take(Deque<Connection> idle) throws SQLException {
        for (var connection = idle.poll(); connection != null; connection = idle.poll()) {
            if (connection.isValid(PATIENCE_SECONDS)) {
                return connection;
            }
            connection.close();
        }
        return connect();
    }

    private static Object value(Connection connection, Object value) throws SQLException {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        if (value instanceof UUID[] ids) {
            return connection.createArrayOf("uuid", ids);
        }
        if (value instanceof String[] texts) {
            return connection.createArrayOf("text", texts);
        }
        return value;
    }
}
