package dev.minicompete.bench;

import static dev.minicompete.bench.Measurements.PEOPLE;
import static dev.minicompete.bench.Measurements.SEATS;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;

/**
 * Ten times the connections of the best figure, then ten times its requests, over more connections than it works on at a
 * time, by clients that do not wait as they are told.
 */
final class OverloadScenario {

    private static final int COMPETITIONS = 50;
    private static final int CONNECTIONS = 3_000;
    private static final Duration SUSTAINED = Duration.ofSeconds(20);

    private final BenchEnvironment stage;
    private final Figures figures;
    private final Measurements measurements;

    OverloadScenario(BenchEnvironment stage, Figures figures) {
        this.stage = stage;
        this.figures = figures;
        this.measurements = new Measurements(stage);
    }

    /** Whoever was refused or gave up comes again at the end, with the same key, and has a seat. */
    void run() throws IOException {
        var before = measurements.register(64, stage.competitions(1, SEATS)).perSecond();
        figures.add("Registrations before the overload, 64 connections", "%,.0f/s", before);
        var many = measurements.register(640, stage.competitions(1, SEATS)).perSecond();
        figures.add("… 640 connections", "%,.0f/s", many);
        figures.compare("… ÷ 64 connections", many / before, 0.7);
        var best = Math.max(before, many);
        var competitions = stage.competitions(COMPETITIONS, PEOPLE);
        var run = UUID.randomUUID();
        IntFunction<byte[]> requests = number ->
                stage.registration(competitions.get(number / PEOPLE), number % PEOPLE, run + "-" + number);
        var live = new HealthWatch(stage.management().resolve("/q/health/live"));
        var ready = new HealthWatch(stage.management().resolve("/q/health/ready"));
        OpenLoad.Outcome overload;
        try (live;
                ready;
                var load = new OpenLoad(stage.api(), CONNECTIONS)) {
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
        Measurements.expect(Map.of(201, again.size()), measurements.send(64, again));
        stage.verify();
        var after = measurements.register(64, stage.competitions(1, SEATS)).perSecond();
        figures.compare("Registrations after it ÷ before it, 64 connections", after / before, 0.7);
    }
}
