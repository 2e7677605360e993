package dev.minicompete.bench;

import dev.minicompete.dev.PostgresServer;
import dev.minicompete.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What PostgreSQL does by itself: registrations by the best transaction that takes one at a time, a single guarded
 * statement, on the same server with the same tables and indexes. It takes neither mails nor keys nor HTTP.
 */
final class PgBench {

    private static final int PARTICIPANTS = 300_000;

    private static final String REGISTER = """
            \\set competition random(1, %d)
            WITH seat AS (
                UPDATE competitions SET registered = registered + 1
                WHERE id = ('00000000-0000-7000-9000-' || lpad(to_hex(:competition::int), 12, '0'))::uuid
                    AND registered < capacity AND cancelled_at IS NULL AND reg_deadline > clock_timestamp()
                RETURNING id)
            INSERT INTO registrations (id, competition_id, participant_id, status)
            SELECT gen_random_uuid(), id,
                ('00000000-0000-7000-8000-' || lpad(to_hex(nextval('next_participant')), 12, '0'))::uuid, 'confirmed'
            FROM seat;
            """;

    private static final Pattern TPS = Pattern.compile("tps = ([\\d.]+)");
    private static final Pattern LATENCY = Pattern.compile("latency average = ([\\d.]+) ms");
    private static final Pattern LAG = Pattern.compile("rate limit schedule lag: avg ([\\d.]+)");
    private static final Pattern FAILED = Pattern.compile("number of failed transactions: (\\d+)");

    private final TestDatabase database;

    /** Fills a database of its own. */
    PgBench(TestDatabase application) {
        this.database = application.scratch();
        database.execute("""
                INSERT INTO users (id, name, email, role, password_hash)
                SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'User ' || n, n || '@example.com',
                    CASE n WHEN 0 THEN 'organizer' ELSE 'participant' END, '-'
                FROM generate_series(0, ?) AS n""", PARTICIPANTS);
        database.execute("CREATE SEQUENCE next_participant CACHE 100");
    }

    /** What a transaction takes, begun at so many a second by one client. */
    double meanMillis(int perSecond, Duration duration) throws IOException {
        var output = run(1, 1, duration, "--rate=" + perSecond);
        return group(LATENCY, output) - group(LAG, output);
    }

    /** Transactions a second with so many clients over so many competitions. */
    double perSecond(int clients, int competitions, Duration duration) throws IOException {
        return group(TPS, run(clients, competitions, duration));
    }

    private String run(int clients, int competitions, Duration duration, String... options) throws IOException {
        database.execute("TRUNCATE competitions CASCADE");
        database.execute("ALTER SEQUENCE next_participant RESTART");
        database.execute("""
                INSERT INTO competitions (id, organizer_id, title, capacity, reg_deadline, starts_at)
                SELECT ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid,
                    '00000000-0000-7000-8000-000000000000', 'Hackathon', 1000000, now() + interval '1 day', now() + interval '2 days'
                FROM generate_series(1, ?) AS n""", competitions);
        database.execute("VACUUM ANALYZE");
        var output = run(REGISTER.formatted(competitions), clients, duration, List.of(options));
        verify(output);
        return output;
    }

    private String run(String script, int clients, Duration duration, List<String> options) throws IOException {
        var file = Files.writeString(Files.createTempFile("pgbench", ".sql"), script.replace("\n    ", " "));
        try {
            var command = new ArrayList<>(List.of("pgbench", "--no-vacuum", "--protocol=prepared"));
            command.addAll(List.of("--client=" + clients, "--time=" + duration.toSeconds(), "--file=" + file));
            command.addAll(options);
            command.addAll(List.of("--host=" + database.host(), "--port=" + database.port()));
            command.addAll(List.of("--username=" + PostgresServer.NAME, database.name()));
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IOException("pgbench failed: " + output);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(file);
        }
    }

    private void verify(String output) {
        var rows = database.count("SELECT count(*) FROM registrations");
        var counted = database.count("SELECT sum(registered) FROM competitions");
        if (group(FAILED, output) > 0 || rows == 0 || rows != counted) {
            throw new IllegalStateException("pgbench wrote " + rows + " rows and counted " + counted + ": " + output);
        }
    }

    /** Whether there is a pgbench; Debian has it in the package postgresql. */
    static boolean isInstalled() {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pgbench")));
    }

    private static double group(Pattern pattern, String output) {
        var matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("pgbench says something else: " + output);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
