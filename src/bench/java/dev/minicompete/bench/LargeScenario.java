package dev.minicompete.bench;

import static dev.minicompete.bench.Measurements.PEOPLE;
import static dev.minicompete.bench.Measurements.SEATS;

import dev.minicompete.bench.Measurements.Registered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Nothing may become slower for what is there already: two systems, of which one has long been in use. Each takes its crowd right
 * beside the other's, in pairs of changing order, and each pair gives a ratio of its own: the machine's speed drifts by more
 * than what is looked for, but not within a pair.
 */
final class LargeScenario {

    private static final int PAIRS = 9;

    private final Figures figures;

    LargeScenario(Figures figures) {
        this.figures = figures;
    }

    void run() throws IOException {
        try (var young = new Stage(PEOPLE);
                var old = new Stage(PEOPLE)) {
            var without = new Measurements(young);
            var with = new Measurements(old);
            without.warmUp();
            with.warmUp();
            Benchmark.say("Filling the tables");
            old.fill(10_000, 1_000_000);
            young.checkpoint();
            old.checkpoint();
            var before = new ArrayList<Registered>();
            var after = new ArrayList<Registered>();
            for (var pair = 1; pair <= PAIRS; pair++) {
                Benchmark.say("Pair %d of %d", pair, PAIRS);
                var oldFirst = pair % 2 == 0;
                if (oldFirst) {
                    after.add(with.register(64, old.competitions(1, SEATS)));
                }
                before.add(without.register(64, young.competitions(1, SEATS)));
                if (!oldFirst) {
                    after.add(with.register(64, old.competitions(1, SEATS)));
                }
            }
            figures.add("Registrations, 64 connections, a second system", "%s", median(before));
            figures.add("… beside 1,000,000 others and 10,000 competitions", "%s", median(after));
            var ratios = IntStream.range(0, PAIRS)
                    .mapToObj(pair -> after.get(pair).perSecond() / before.get(pair).perSecond())
                    .sorted()
                    .toList();
            Benchmark.say("Ratios of the pairs: %s", ratios);
            figures.compare("… ÷ without them", ratios.get(PAIRS / 2), 0.95);
            figures.add("… the first after a checkpoint", "%s", after.get(0));
            figures.add(
                    "List of 20 competitions of 10,000", "%s", with.repeat(64, 200, List.of(old.get("/api/competitions"))));
        }
    }

    /** One run is within a tenth of the next, at the best. */
    private static Registered median(List<Registered> runs) {
        return runs.stream()
                .sorted(Comparator.comparingDouble(Registered::perSecond))
                .toList()
                .get(runs.size() / 2);
    }
}
