package dev.minicompete.bench;

import java.io.IOException;
import java.util.List;

/**
 * Measures registrations, reads and references side by side, in one run on one machine, verifies every result, and prints
 * one table. Ends with an error when a result is wrong; a target that is missed is shown as such.
 *
 * <p>{@code -Dbench.only=hot,reads} measures a part, {@code -Dbench.jvm=…} gives the process more options, such as a flight
 * recording.
 */
public final class Benchmark {

    private final Figures figures = new Figures();

    private Benchmark() {}

    /** Runs all of it; takes a quarter of an hour. */
    public static void main(String[] arguments) throws IOException {
        if (!PgBench.isInstalled()) {
            System.err.println("pgbench is missing; on Debian: apt-get install postgresql");
            System.exit(1);
        }
        new Benchmark().run();
    }

    private void run() throws IOException {
        say("Starting PostgreSQL, Redis and the production package, signing %,d tokens", Measurements.PEOPLE);
        try (var stage = new BenchEnvironment(Measurements.PEOPLE)) {
            run(stage);
        }
        part("large", new LargeScenario(figures)::run);
        say("%n%s", figures.table());
    }

    private void run(BenchEnvironment stage) throws IOException {
        figures.add("Start-up until ready, with the schema in place", "%.1f s", stage.startUp().toMillis() / 1e3);
        figures.add("Memory after it", "%s", stage.memory());
        figures.add("PostgreSQL's shared memory in huge pages", "%s", stage.hugePages());
        new Measurements(stage).warmUp();
        var pgbench = new PgBench(stage.database());
        var crowd = new CrowdScenario(stage, figures, pgbench);
        part("hot", crowd::hot);
        part("spread", crowd::spread);
        part("burst", crowd::burst);
        part("alone", new LoneScenario(stage, figures, pgbench)::run);
        var repeat = new RepeatScenario(stage, figures);
        part("replays", repeat::replays);
        part("reads", repeat::reads);
        part("logins", repeat::logins);
        var memory = stage.memory();
        figures.add("Memory after all this, and at most", memory.toString(), "≤ 300 MB", memory.most() <= 300);
        part("overload", new OverloadScenario(stage, figures)::run);
        figures.add("Memory after the overload, and at most", "%s", stage.memory());
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

    static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }
}
