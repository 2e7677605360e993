package dev.minicompete.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;

/**
 * Measures registrations, reads and references side by side, in one run on one machine, verifies every result, and prints
 * one table. Ends with an error when a result is wrong; a target that is missed is shown as such.
 *
 * <p>{@code -Dbench.only=hot,reads} measures a part, {@code -Dbench.jvm=…} gives the process more options, such as a flight
 * recording.
 */
public final class Benchmark {

    private static final int PEOPLE = 20_500;
    private static final int SEATS = 20_000;
    private static final int OVERLOADED = 50;

    /** So few a second that none meets another: some hundredths of what a crowd gets. */
    private static final int FEW = 100;

    /** So few that all of it is out of the processor's caches when the next comes. */
    private static final int RARE = 20;

    private static final int MANY_CONNECTIONS = 3_000;
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 5;
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration SUSTAINED = Duration.ofSeconds(20);

    private final Stage stage;
    private final Figures figures;
    private final PgBench pgbench;

    private Benchmark(Stage stage, Figures figures) {
        this.stage = stage;
        this.figures = figures;
        this.pgbench = new PgBench(stage.database());
    }

    /** Runs all of it; takes some minutes. */
    public static void main(String[] arguments) throws IOException {
        if (!PgBench.isInstalled()) {
            System.err.println("pgbench is missing; on Debian: apt-get install postgresql");
            System.exit(1);
        }
        var figures = new Figures();
        say("Starting PostgreSQL, Redis and the production package, signing %,d tokens", PEOPLE);
        try (var stage = new Stage(PEOPLE)) {
            new Benchmark(stage, figures).run();
        }
        part("large", () -> large(figures));
        say("%n%s", figures.table());
    }

    private void run() throws IOException {
        figures.add("Start-up until ready, with the schema in place", "%.1f s", stage.startUp().toMillis() / 1e3);
        figures.add("Memory after it", "%s", stage.memory());
        figures.add("PostgreSQL's shared memory in huge pages", "%s", stage.hugePages());
        warmUp();
        part("hot", this::hot);
        part("spread", this::spread);
        part("burst", this::burst);
        part("alone", this::alone);
        part("replays", this::replays);
        part("reads", this::reads);
        part("logins", this::logins);
        var memory = stage.memory();
        figures.add("Memory after all this, and at most", memory.toString(), "≤ 300 MB", memory.most() <= 300);
        part("overload", this::overload);
        figures.add("Memory after the overload, and at most", "%s", stage.memory());
    }

    private void warmUp() throws IOException {
        for (var round = 1; round <= WARM_UP; round++) {
            say("Warming up, round %d of %d", round, WARM_UP);
            register(64, stage.competitions(1, SEATS));
        }
    }

    private interface Part {
        void run() throws IOException;
    }

    private static void part(String name, Part part) throws IOException {
        var only = System.getProperty("bench.only", "");
        if (only.isEmpty() || List.of(only.split(",")).contains(name)) {
            say("%n%s", name);
            part.run();
        }
    }

    private void hot() throws IOException {
        var reference = pgbench.perSecond(64, 1, LONG);
        figures.add("pgbench, one at a time, 1 competition, 64 clients", "%,.0f/s", reference);
        var hot = register(64, stage.competitions(1, SEATS));
        figures.add("Registrations, 1 competition, 64 connections", "%s", hot);
        figures.compare("… ÷ pgbench", hot.perSecond() / reference, 4);
        figures.add("… p99", "%.1f ms".formatted(hot.answers().millis(0.99)), "≤ 60 ms", hot.answers().millis(0.99) <= 60);
        figures.add("… from the 201 to the mail", "%s", hot.mails());
        figures.add(
                "… all mails after the last answer",
                "%.2f s".formatted(hot.drained().toMillis() / 1e3),
                "≤ 1 s",
                hot.drained().toMillis() <= 1000);
        figures.add("Registrations, 1 competition, 256 connections", "%s", register(256, stage.competitions(1, SEATS)));
    }

    private void spread() throws IOException {
        var reference = pgbench.perSecond(64, 50, LONG);
        figures.add("pgbench, one at a time, 50 competitions, 64 clients", "%,.0f/s", reference);
        var spread = register(64, stage.competitions(50, SEATS / 50));
        figures.add("Registrations, 50 competitions, 64 connections", "%s", spread);
        figures.compare("… ÷ pgbench", spread.perSecond() / reference, 0.6);
    }

    /** All of them in the same instant, each over a connection of its own. */
    private void burst() throws IOException {
        for (var seats : List.of(1_000, 100)) {
            var competitions = stage.competitions(1, seats);
            var answers = send(1_000, stage.registrations(competitions, 1_000));
            stage.verify();
            expect(seats == 1_000 ? Map.of(201, 1_000) : Map.of(201, 100, 409, 900), answers);
            figures.add(
                    "1,000 at once for %,d seats".formatted(seats),
                    "all answered after %.2f s, p50 %.0f ms",
                    answers.took().toMillis() / 1e3,
                    answers.millis(0.5));
        }
    }

    /**
     * So few that nothing shares its batch, and that the mail of one is done before the next comes. What a registration's own
     * transaction takes, the process says itself: from asking for a connection until PostgreSQL has committed.
     */
    private void alone() throws IOException {
        // For the compiler, to which a batch of one is as rare as a large one; with four it is done sooner than with one.
        for (var round = 1; round <= 3; round++) {
            register(4, stage.competitions(1, SEATS));
        }
        var requests = stage.registrations(stage.competitions(1, 2_000), 2_000);
        var busy = alone(() -> send(1, requests));
        figures.add("Registrations one after the other, 1 connection", "%s", busy);
        figures.add("… ÷ their own transactions", "%.2f", busy.ratio());
        try (var load = new OpenLoad(stage.api(), 2)) {
            for (var perSecond : List.of(FEW, RARE)) {
                figures.add(
                        "pgbench, one at a time, 1 client, %d/s".formatted(perSecond), "%.2f ms", pgbench.meanMillis(perSecond, SHORT));
                load.offer(perSecond, SHORT, inOrder(stage.competitions(1, SEATS).get(0)));
                var competition = stage.competitions(1, SEATS).get(0);
                var alone = alone(() -> load.offer(perSecond, LONG, inOrder(competition)).answers);
                figures.add("Registrations alone, %d/s".formatted(perSecond), "%s", alone);
                figures.add("… ÷ their own transactions", "%.2f".formatted(alone.ratio()), "≤ 1.5", alone.ratio() <= 1.5);
            }
        }
    }

    private interface Load {
        Answers send() throws IOException;
    }

    private Alone alone(Load load) throws IOException {
        var before = stage.transactions();
        var answers = load.send();
        var own = stage.transactions().minus(before);
        stage.verify();
        expect(Map.of(201, answers.all().size()), answers);
        if (own.count() < 0.99 * answers.all().size()) {
            throw new AssertionError("%d transactions took %d registrations".formatted(own.count(), answers.all().size()));
        }
        return new Alone(answers, own);
    }

    /** What lone registrations took, and what their transactions took of it. */
    private record Alone(Answers answers, Stage.Transactions own) {

        double ratio() {
            return answers.meanMillis() / own.meanMillis();
        }

        @Override
        public String toString() {
            return "mean %.2f ms, p50 %.2f ms, p99 %.2f ms, of it their own transactions %.2f ms"
                    .formatted(answers.meanMillis(), answers.millis(0.5), answers.millis(0.99), own.meanMillis());
        }
    }

    /** Registrations of one participant after the other. */
    private IntFunction<byte[]> inOrder(UUID competition) {
        return number -> stage.registration(competition, number, "alone-" + number);
    }

    private void replays() throws IOException {
        var requests = stage.registrations(stage.competitions(1, 1_000), 1_000);
        expect(Map.of(201, 1_000), send(64, requests));
        figures.add("Replays", "%s", repeat(201, requests));
        stage.verify();
    }

    private void reads() throws IOException {
        var ids = stage.competitions(200, 50);
        var bare = repeat(200, List.of(get("/.well-known/jwks.json")));
        figures.add("Bare endpoint (the key set)", "%s", bare);
        var list = repeat(200, List.of(get("/api/competitions")));
        figures.add("List of 20 competitions", "%s", list);
        figures.compare("… ÷ bare", list.perSecond() / bare.perSecond(), 0.5);
        var one = repeat(
                200, ids.stream().map(id -> get("/api/competitions/" + id)).toList());
        figures.add("One competition of 200", "%s", one);
    }

    private void logins() throws IOException {
        figures.add("Logins (Argon2id, 19 MiB), 4 connections", "%s", repeat(4, 200, stage.logins(50)));
    }

    /**
     * Ten times the connections of the best figure, then ten times its requests, over more connections than it works
     * on at a time, by clients that do not wait as they are told. Whoever was refused or gave up comes again at the end, with the same key, and has a seat.
     */
    private void overload() throws IOException {
        var before = register(64, stage.competitions(1, SEATS)).perSecond();
        figures.add("Registrations before the overload, 64 connections", "%,.0f/s", before);
        var many = register(640, stage.competitions(1, SEATS)).perSecond();
        figures.add("… 640 connections", "%,.0f/s", many);
        figures.compare("… ÷ 64 connections", many / before, 0.7);
        var best = Math.max(before, many);
        var competitions = stage.competitions(OVERLOADED, PEOPLE);
        var run = UUID.randomUUID();
        IntFunction<byte[]> requests = number ->
                stage.registration(competitions.get(number / PEOPLE), number % PEOPLE, run + "-" + number);
        var live = new HealthWatch(stage.management().resolve("/q/health/live"));
        var ready = new HealthWatch(stage.management().resolve("/q/health/ready"));
        OpenLoad.Outcome overload;
        try (live;
                ready;
                var load = new OpenLoad(stage.api(), MANY_CONNECTIONS)) {
            overload = load.offer(10 * best, SUSTAINED, requests);
        }
        var answers = overload.answers;
        figures.add("10 × its requests, over 3,000 connections", "%s", overload);
        figures.compare("… registrations ÷ the better of both before", overload.perSecond(201) / best, 0.7);
        figures.add("… longest answer", "%.1f s".formatted(answers.millis(1) / 1e3), "≤ 5 s", overload.givenUp == 0);
        figures.add("… refusals that say when to come again", "%d of %d", overload.refused - overload.withoutRetryAfter, overload.refused);
        figures.add("… liveness", live.toString(), "≤ 1 s", live.isFast());
        figures.add("… readiness", ready.toString(), "≤ 1 s", ready.isFast());
        if (!Set.of(201, 409, 429, 503).containsAll(answers.statuses().keySet()) || overload.withoutRetryAfter > 0) {
            throw new AssertionError(overload);
        }
        var again = overload.unregistered().mapToObj(requests).toList();
        expect(Map.of(201, again.size()), send(64, again));
        stage.verify();
        var after = register(64, stage.competitions(1, SEATS)).perSecond();
        figures.compare("Registrations after it ÷ before it, 64 connections", after / before, 0.7);
    }

    /**
     * Nothing may become slower for what is there already: two systems in turn, of which one has long been in use. One after
     * the other would measure how the machine's speed drifts.
     */
    private static void large(Figures figures) throws IOException {
        try (var young = new Stage(PEOPLE);
                var old = new Stage(PEOPLE)) {
            var without = new Benchmark(young, figures);
            var with = new Benchmark(old, figures);
            without.warmUp();
            with.warmUp();
            say("Filling the tables");
            old.fill(10_000, 1_000_000);
            young.checkpoint();
            old.checkpoint();
            var before = new ArrayList<Registered>();
            var after = new ArrayList<Registered>();
            for (var round = 1; round <= ROUNDS; round++) {
                say("Round %d of %d", round, ROUNDS);
                before.add(without.register(64, young.competitions(1, SEATS)));
                after.add(with.register(64, old.competitions(1, SEATS)));
            }
            figures.add("Registrations, 64 connections, a second system", "%s", median(before));
            figures.add("… beside 1,000,000 others and 10,000 competitions", "%s", median(after));
            figures.compare("… ÷ without them", median(after).perSecond() / median(before).perSecond(), 0.95);
            figures.add("… the first after a checkpoint", "%s", after.get(0));
            figures.add("List of 20 competitions of 10,000", "%s", with.repeat(200, List.of(with.get("/api/competitions"))));
        }
    }

    /** One run is within a tenth of the next, at the best. */
    private static Registered median(List<Registered> runs) {
        return runs.stream()
                .sorted(Comparator.comparingDouble(Registered::perSecond))
                .toList()
                .get(runs.size() / 2);
    }

    private byte[] get(String path) {
        return stage.request("GET", path, Map.of(), "");
    }

    /** What many requests of one kind cost. */
    private record Repeated(Answers answers, String cpu) {

        double perSecond() {
            return answers.perSecond();
        }

        @Override
        public String toString() {
            return "%,.0f/s, p50 %.1f ms, p99 %.1f ms, %s µs CPU"
                    .formatted(perSecond(), answers.millis(0.5), answers.millis(0.99), cpu);
        }
    }

    private Repeated repeat(int status, List<byte[]> requests) throws IOException {
        return repeat(64, status, requests);
    }

    private Repeated repeat(int connections, int status, List<byte[]> requests) throws IOException {
        try (var load = new LoadGenerator(stage.api(), connections)) {
            load.send(LoadGenerator.Requests.during(SHORT, requests));
            var cpu = stage.cpu();
            var answers = load.send(LoadGenerator.Requests.during(SHORT, requests));
            expect(Map.of(status, answers.all().size()), answers);
            return new Repeated(
                    answers, stage.cpu().minus(cpu).each(answers.all().size()));
        }
    }

    /** A crowd's registrations, verified. */
    private record Registered(Answers answers, Duration drained, String cpu, String mails) {

        double perSecond() {
            return answers.perSecond();
        }

        @Override
        public String toString() {
            return "%,.0f/s, p50 %.1f ms, p99 %.1f ms, max %.1f ms, %s µs CPU"
                    .formatted(perSecond(), answers.millis(0.5), answers.millis(0.99), answers.millis(1), cpu);
        }
    }

    private Registered register(int connections, List<UUID> competitions) throws IOException {
        var cpu = stage.cpu();
        var answers = send(connections, stage.registrations(competitions, PEOPLE));
        var end = System.nanoTime();
        stage.oracle().awaitDrained(Duration.ofMinutes(2));
        var drained = Duration.ofNanos(System.nanoTime() - end);
        var used = stage.cpu().minus(cpu).each(PEOPLE);
        stage.oracle().assertInvariants();
        expect(Map.of(201, SEATS, 409, PEOPLE - SEATS), answers);
        return new Registered(answers, drained, used, stage.mailDelays(competitions, answers));
    }

    private Answers send(int connections, List<byte[]> requests) throws IOException {
        try (var load = new LoadGenerator(stage.api(), connections)) {
            return load.send(LoadGenerator.Requests.each(requests));
        }
    }

    private static void expect(Map<Integer, Integer> statuses, Answers answers) {
        if (!answers.statuses().equals(statuses)) {
            throw new AssertionError(answers.statuses() + " instead of " + statuses);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }
}
