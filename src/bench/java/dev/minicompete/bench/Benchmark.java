package dev.minicompete.bench;

import static java.lang.String.format;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures registrations, reads and references side by side, in one run on one machine, verifies every result, and prints
 * one table. Ends with an error when a result is wrong; a target that is missed is shown as such.
 */
public final class Benchmark {

    private static final int PEOPLE = 20_500;
    private static final int SEATS = 20_000;
    private static final Duration READS = Duration.ofSeconds(8);
    private static final Duration REFERENCE = Duration.ofSeconds(10);

    private final Stage stage;
    private final Figures figures = new Figures();

    private Benchmark(Stage stage) {
        this.stage = stage;
    }

    /** Runs all of it; takes some minutes. */
    public static void main(String[] arguments) throws IOException {
        if (!PgBench.isInstalled()) {
            System.err.println("pgbench is missing; on Debian: apt-get install postgresql");
            System.exit(1);
        }
        say("Starting PostgreSQL, Redis and the production package, signing %,d tokens", PEOPLE);
        try (var stage = new Stage(PEOPLE)) {
            new Benchmark(stage).run();
        }
    }

    private void run() throws IOException {
        for (var round = 1; round <= Integer.getInteger("bench.warmup", 3); round++) {
            say("Warming up, round %d", round);
            register("warm-up", 64, stage.competitions(1, SEATS), SEATS);
        }
        if (!Boolean.getBoolean("bench.short")) hot();
        reads();
        say("%n%s", figures.table());
    }

    private void hot() throws IOException {
        var pgbench = new PgBench(stage.database());
        say("Reference: pgbench");
        var hotReference = pgbench.perSecond(64, 1, REFERENCE);
        figures.add("pgbench, one at a time, 1 competition, 64 clients", "%,.0f/s", hotReference);
        var spreadReference = pgbench.perSecond(64, 50, REFERENCE);
        figures.add("pgbench, one at a time, 50 competitions, 64 clients", "%,.0f/s", spreadReference);
        say("Registrations");
        var hot = register("1 competition, 64 connections", 64, stage.competitions(1, SEATS), SEATS);
        figures.add("… ÷ pgbench", format("%.1f", hot.perSecond() / hotReference), "≥ 4", hot.perSecond() >= 4 * hotReference);
        register("1 competition, 256 connections", 256, stage.competitions(1, SEATS), SEATS);
        var spread = register("50 competitions, 64 connections", 64, stage.competitions(50, SEATS / 50), SEATS);
        figures.add("… ÷ pgbench", format("%.2f", spread.perSecond() / spreadReference), "≥ 0.6", spread.perSecond() >= 0.6 * spreadReference);
    }

    private void reads() throws IOException {
        var ids = stage.competitions(200, 50);
        say("Reads");
        var bare = read("Bare endpoint (the key set)", List.of(get("/.well-known/jwks.json")));
        var list = read("List of 20 competitions", List.of(get("/api/competitions")));
        figures.add("… ÷ bare", format("%.0f %%", 100 * list.perSecond() / bare.perSecond()), "≥ 50 %", list.perSecond() >= 0.5 * bare.perSecond());
        read("One competition of 200", ids.stream().map(id -> get("/api/competitions/" + id)).toList());
    }

    private byte[] get(String path) {
        return stage.request("GET", path, Map.of(), "");
    }

    private Answers read(String name, List<byte[]> requests) throws IOException {
        try (var load = new LoadGenerator(stage.api(), 64)) {
            load.send(LoadGenerator.Requests.during(READS.dividedBy(2), requests));
            var cpu = stage.cpu();
            var answers = load.send(LoadGenerator.Requests.during(READS, requests));
            var used = stage.cpu().minus(cpu);
            expect(Map.of(200, answers.all().size()), answers);
            figures.add(name, "%,.0f/s, p50 %.1f ms, p99 %.1f ms; %s µs CPU", answers.perSecond(), answers.millis(0.5), answers.millis(0.99), used.each(answers.all().size()));
            return answers;
        }
    }

    private static void expect(Map<Integer, Integer> statuses, Answers answers) {
        if (!answers.statuses().equals(statuses)) {
            throw new AssertionError(answers.statuses() + " instead of " + statuses);
        }
    }

    private Answers register(String name, int connections, List<UUID> competitions, int seats) throws IOException {
        var cpu = stage.cpu();
        try (var load = new LoadGenerator(stage.api(), connections)) {
            var answers = load.send(LoadGenerator.Requests.each(stage.registrations(competitions, PEOPLE)));
            var end = System.nanoTime();
            stage.oracle().awaitDrained(Duration.ofMinutes(2));
            var drained = Duration.ofNanos(System.nanoTime() - end);
            var used = stage.cpu().minus(cpu);
            stage.oracle().assertInvariants();
            var expected = new HashMap<>(Map.of(201, seats));
            if (PEOPLE > seats) {
                expected.put(409, PEOPLE - seats);
            }
            expect(expected, answers);
            figures.add(name, "%,.0f/s, p50 %.1f ms, p99 %.1f ms, max %.1f ms; drained %.2f s later, %s µs CPU, %s",
                    answers.perSecond(), answers.millis(0.5), answers.millis(0.99), answers.millis(1), drained.toMillis() / 1e3,
                    used.each(PEOPLE), stage.memory());
            return answers;
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }
}
