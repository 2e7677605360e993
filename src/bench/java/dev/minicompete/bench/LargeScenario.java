package dev.minicompete.bench;

import static dev.minicompete.bench.Measurements.PEOPLE;
import static dev.minicompete.bench.Measurements.SEATS;

import java.io.IOException;
import java.util.List;

/** Nothing may become slower for what is there already: two systems, of which one has long been in use. */
final class LargeScenario {

    private static final int PAIRS = 9;

    private final Figures figures;

    LargeScenario(Figures figures) {
        this.figures = figures;
    }

    void run() throws IOException {
        try (var young = new BenchEnvironment(PEOPLE);
                var old = new BenchEnvironment(PEOPLE)) {
            var without = new Measurements(young);
            var with = new Measurements(old);
            without.warmUp();
            with.warmUp();
            Benchmark.say("Filling the tables");
            old.fill(10_000, 1_000_000);
            young.checkpoint();
            old.checkpoint();
            var crowds = Pairs.measure(
                    PAIRS,
                    () -> without.register(64, young.competitions(1, SEATS)),
                    () -> with.register(64, old.competitions(1, SEATS)));
            figures.add("Registrations, 64 connections, a second system", "%s", crowds.reference());
            figures.add("… beside 1,000,000 others and 10,000 competitions", "%s", crowds.result());
            figures.compare("… ÷ without them", crowds.ratio(), 0.95);
            figures.add("… the first after a checkpoint", "%s", crowds.first());
            figures.add(
                    "List of 20 competitions of 10,000", "%s", with.repeat(64, 200, List.of(old.get("/api/competitions"))));
        }
    }
}
