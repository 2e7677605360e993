package dev.minicompete.bench;

import dev.minicompete.dev.EmbeddedServers;
import dev.minicompete.process.ProductionProcess;
import dev.minicompete.testing.Oracle;
import dev.minicompete.testing.TestDatabase;
import dev.minicompete.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What every scenario plays on: a PostgreSQL and a Redis of its own, the production package as a process, and people. */
final class BenchEnvironment implements AutoCloseable {

    /** A moderate server; whatever decides about durability is as PostgreSQL has it. */
    private static final Map<String, String> POSTGRES = Map.of(
            "max_connections", "200",
            "shared_buffers", "1GB",
            "max_wal_size", "8GB",
            // A commit's time tells when a mail could be read first.
            "track_commit_timestamp", "on");

    private static final String DOCKERFILE = read(Path.of("docker/Dockerfile.jvm"));

    /**
     * The container's options but for what it knows and we do not, its memory and its training; {@code bench.jvm} adds to
     * them, a flight recording for instance.
     */
    private static final List<String> JVM = Stream.of(
                    Stream.of("-Xmx128m"),
                    found("\"(-X[^\"]+)\"").filter(option -> !option.matches(".*(AOTCache|MaxRAMPercentage)=.*")),
                    Stream.of(System.getProperty("bench.jvm", "").split(" ")).filter(option -> !option.isBlank()))
            .flatMap(options -> options)
            .toList();

    private static final String ARENAS =
            found("ENV MALLOC_ARENA_MAX=(\\d+)").findFirst().orElseThrow();

    private final EmbeddedServers servers = EmbeddedServers.temporary(POSTGRES);
    private final TestDatabase database = TestDatabase.of(servers);
    private final Oracle oracle = new Oracle(database);
    private final TestTokens tokens;
    private final ProductionProcess process;
    private final Duration startUp;
    private final List<UUID> participants = new ArrayList<>();
    private final List<String> participantTokens;

    BenchEnvironment(int people) throws IOException {
        var key = Files.createTempFile("benchmark", ".pem");
        key.toFile().deleteOnExit();
        TestTokens.createKey(key);
        tokens = new TestTokens(key);
        // The schema is there already where start-up is measured.
        database.migrate();
        var started = System.nanoTime();
        var environment = new HashMap<>(servers.environment());
        environment.put("JWT_PRIVATE_KEY_FILE", key.toString());
        environment.put("MALLOC_ARENA_MAX", ARENAS);
        // Or what is measured at midnight would remind a million people besides.
        environment.put("REMINDER_CRON", "0 0 0 1 1 ? 2099");
        process = ProductionProcess.start(environment, JVM);
        startUp = Duration.ofNanos(System.nanoTime() - started);
        while (participants.size() < people) {
            participants.addAll(database.createParticipants(Math.min(5000, people - participants.size())));
        }
        participantTokens =
                participants.parallelStream().map(tokens::participant).toList();
    }

    TestDatabase database() {
        return database;
    }

    URI api() {
        return process.api();
    }

    URI management() {
        return process.management();
    }

    /** Whether PostgreSQL got huge pages, which it asks for and the operating system must have set aside: on or off. */
    Object hugePages() {
        return database.rows("SHOW huge_pages_status").get(0).get("huge_pages_status");
    }

    /** From the process's beginning until it is ready. */
    Duration startUp() {
        return startUp;
    }

    List<UUID> competitions(int count, int capacity) {
        var organizer = database.createOrganizer();
        var ids = new ArrayList<UUID>();
        for (var i = 0; i < count; i++) {
            ids.add(database.createCompetition(organizer, Map.of("capacity", capacity)));
        }
        return ids;
    }

    /** One registration of each participant, over the competitions in turn. */
    List<byte[]> registrations(List<UUID> competitions, int people) {
        var run = Long.toHexString(ThreadLocalRandom.current().nextLong());
        var requests = new ArrayList<byte[]>(people);
        for (var i = 0; i < people; i++) {
            requests.add(registration(competitions.get(i % competitions.size()), i, run + "-" + i));
        }
        return requests;
    }

    /** One participant's registration. */
    byte[] registration(UUID competition, int participant, String key) {
        return request(
                "POST",
                "/api/competitions/" + competition + "/register",
                Map.of(
                        "Authorization", "Bearer " + participantTokens.get(participant),
                        "Idempotency-Key", key,
                        "Content-Type", "application/json"),
                "{}");
    }

    /** Log-ins of so many accounts. */
    List<byte[]> logins(int accounts) {
        return participants.subList(0, accounts).stream()
                .map(id -> request(
                        "POST",
                        "/api/auth/login",
                        Map.of("Content-Type", "application/json"),
                        "{\"email\":\"%s@example.com\",\"password\":\"%s\"}".formatted(id, TestDatabase.PASSWORD)))
                .toList();
    }

    /**
     * How long after its 201 each mail could be read, by the time of the commit that brought it. The clock is one: all is
     * on this machine.
     */
    String mailDelays(List<UUID> competitions, Answers answers) {
        var readable = new HashMap<String, Double>();
        database.rows("""
                SELECT user_id::text || competition_id AS who, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at
                FROM mailbox WHERE competition_id = ANY (?) AND kind = 'confirmation'
                """, (Object) competitions.toArray(UUID[]::new)).forEach(row -> readable.put((String) row.get("who"), (Double) row.get("at")));
        var micros = answers.all().stream()
                .filter(answer -> answer.status() == 201)
                .mapToLong(answer -> {
                    var who = participants.get(answer.number()).toString() + competitions.get(answer.number() % competitions.size());
                    var answered = answer.at().getEpochSecond() + answer.at().getNano() / 1e9;
                    return Math.round((readable.get(who) - answered) * 1e6);
                })
                .toArray();
        return "p50 %.1f ms, p99 %.1f ms".formatted(Percentile.of(micros, 0.5) / 1e3, Percentile.of(micros, 0.99) / 1e3);
    }

    /** Adds competitions and registrations that have been there for long, with their mails read. */
    void fill(int competitions, int registrations) {
        var organizer = database.createOrganizer();
        database.execute("""
                INSERT INTO competitions (id, organizer_id, title, capacity, registered, reg_deadline, starts_at)
                SELECT uuid_v7(), ?, 'Competition ' || n, 1000, ? / ?, now() + n * interval '1 minute', now() + n * interval '1 minute'
                FROM generate_series(1, ?) AS n
                """, organizer, registrations, competitions, competitions);
        database.execute("""
                WITH c AS (SELECT id, row_number() OVER () AS n FROM competitions WHERE organizer_id = ?),
                u AS (SELECT id, row_number() OVER () - 1 AS n FROM users WHERE role = 'participant'),
                made AS (
                    INSERT INTO registrations (id, competition_id, participant_id, status, first_status)
                    SELECT uuid_v7(), c.id, u.id, 'confirmed', 'confirmed'
                    FROM c CROSS JOIN generate_series(1, ?) AS i JOIN u ON u.n = (c.n * 7 + i) % ?
                    RETURNING id, participant_id, competition_id)
                INSERT INTO mailbox (id, user_id, kind, subject, body, competition_id, registration_id, read_at)
                SELECT uuid_v7(), participant_id, 'confirmation', 's', 'b', competition_id, id, now() FROM made
                """, organizer, registrations / competitions, participants.size());
        database.execute("VACUUM ANALYZE");
    }

    private static Stream<String> found(String pattern) {
        return Pattern.compile(pattern).matcher(DOCKERFILE).results().map(match -> match.group(1));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has what was written so far on the disk, so that nobody writes it while something is measured. */
    void checkpoint() {
        database.executeAsSuperuser("CHECKPOINT");
    }

    /** A GET of a path. */
    byte[] get(String path) {
        return request("GET", path, Map.of(), "");
    }

    /** An HTTP/1.1 request as bytes. */
    byte[] request(String method, String path, Map<String, String> headers, String body) {
        var text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + api().getAuthority() + "\r\n");
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Waits until no job is left, and holds everything against the invariants. */
    void verify() {
        oracle.awaitDrained(Duration.ofMinutes(2));
        oracle.assertInvariants();
    }

    Oracle oracle() {
        return oracle;
    }

    /** The process's transactions that take registrations. */
    Transactions transactions() throws IOException {
        String metrics;
        try (var answer = management().resolve("/q/metrics").toURL().openStream()) {
            metrics = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
        return new Transactions(
                (int) metric(metrics, "registration_transactions_seconds_count"),
                metric(metrics, "registration_transactions_seconds_sum"));
    }

    private static double metric(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** How many, and what they took. */
    record Transactions(int count, double seconds) {

        Transactions minus(Transactions before) {
            return new Transactions(count - before.count, seconds - before.seconds);
        }

        double meanMillis() {
            return seconds * 1e3 / count;
        }
    }

    /** What the JVM's second compiler has used of the processors so far. */
    Duration compiling() throws IOException {
        try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            return threads.filter(thread -> firstWord(thread.resolve("comm")).equals("C2"))
                    // proc(5): the first field is the time on a processor in nanoseconds.
                    .map(thread -> Duration.ofNanos(Long.parseLong(firstWord(thread.resolve("schedstat")))))
                    .reduce(Duration.ZERO, Duration::plus);
        }
    }

    private static String firstWord(Path file) {
        try {
            return Files.readString(file).split("\\s")[0];
        } catch (IOException e) {
            // Other threads come and go.
            return "";
        }
    }

    /** What each has used of the processors so far. */
    Cpu cpu() throws IOException {
        return new Cpu(
                cpu(ProcessHandle.of(process.pid()).orElseThrow()),
                cpuOfAll(servers.postgres().process()),
                cpu(servers.redis().process()),
                cpu(ProcessHandle.current()));
    }

    /** Processor time of the application, of PostgreSQL, of Redis and of this JVM, the load generator. */
    record Cpu(Duration application, Duration postgres, Duration redis, Duration generator) {

        Cpu minus(Cpu before) {
            return new Cpu(
                    application.minus(before.application),
                    postgres.minus(before.postgres),
                    redis.minus(before.redis),
                    generator.minus(before.generator));
        }

        /** In microseconds for each request. */
        String each(int requests) {
            return "%d + %d + %d + %d".formatted(
                    application.toNanos() / 1000 / requests,
                    postgres.toNanos() / 1000 / requests,
                    redis.toNanos() / 1000 / requests,
                    generator.toNanos() / 1000 / requests);
        }
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** With the children that are there and those that were: PostgreSQL is many, one for each connection. */
    private static Duration cpuOfAll(ProcessHandle process) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        // proc(5): cutime and cstime, in hundredths of a second, the 14th and 15th after the name in parentheses.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        var ended = Duration.ofMillis(10 * (Long.parseLong(fields[13]) + Long.parseLong(fields[14])));
        return process.children().map(BenchEnvironment::cpu).reduce(cpu(process).plus(ended), Duration::plus);
    }

    /** The process's memory in MB, and the most that it had. */
    Memory memory() throws IOException {
        var status = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
        return new Memory(megabytes(status, "VmRSS:"), megabytes(status, "VmHWM:"));
    }

    record Memory(long now, long most) {

        @Override
        public String toString() {
            return now + " MB, at most " + most + " MB";
        }
    }

    private static long megabytes(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        process.terminate(Duration.ofSeconds(20));
        servers.close();
    }
}
