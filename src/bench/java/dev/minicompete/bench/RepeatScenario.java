package dev.minicompete.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What is asked for again and again: answers of before, lists, log-ins. The reference is the cheapest endpoint there is. */
final class RepeatScenario {

    private static final int PAIRS = 5;

    private final BenchEnvironment stage;
    private final Figures figures;
    private final Measurements measurements;

    RepeatScenario(BenchEnvironment stage, Figures figures) {
        this.stage = stage;
        this.figures = figures;
        this.measurements = new Measurements(stage);
    }

    void replays() throws IOException {
        var requests = stage.registrations(stage.competitions(1, 1_000), 1_000);
        Measurements.expect(Map.of(201, 1_000), measurements.send(64, requests));
        figures.add("Replays", "%s", measurements.repeat(64, 201, requests));
        stage.verify();
    }

    void reads() throws IOException {
        var ids = stage.competitions(200, 50);
        var lists = Pairs.measure(
                PAIRS,
                () -> measurements.repeat(64, 200, List.of(stage.get("/.well-known/jwks.json"))),
                () -> measurements.repeat(64, 200, List.of(stage.get("/api/competitions"))));
        figures.add("Bare endpoint (the key set)", "%s", lists.reference());
        figures.add("List of 20 competitions", "%s", lists.result());
        figures.compare("… ÷ bare", lists.ratio(), 0.5);
        var one = measurements.repeat(
                64, 200, ids.stream().map(id -> stage.get("/api/competitions/" + id)).toList());
        figures.add("One competition of 200", "%s", one);
    }

    void logins() throws IOException {
        figures.add("Log-ins (Argon2id, 19 MiB), 4 connections", "%s", measurements.repeat(4, 200, stage.logins(50)));
    }
}
