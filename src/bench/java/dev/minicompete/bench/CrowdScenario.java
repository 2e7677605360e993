package dev.minicompete.bench;

import static dev.minicompete.bench.Measurements.SEATS;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Seats open, and everybody comes at once. The reference takes the same registrations one row at a time. */
final class CrowdScenario {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final BenchEnvironment stage;
    private final Figures figures;
    private final PgBench pgbench;
    private final Measurements measurements;

    CrowdScenario(BenchEnvironment stage, Figures figures, PgBench pgbench) {
        this.stage = stage;
        this.figures = figures;
        this.pgbench = pgbench;
        this.measurements = new Measurements(stage);
    }

    void hot() throws IOException {
        var reference = pgbench.perSecond(64, 1, LONG);
        figures.add("pgbench, one at a time, 1 competition, 64 clients", "%,.0f/s", reference);
        var hot = measurements.register(64, stage.competitions(1, SEATS));
        figures.add("Registrations, 1 competition, 64 connections", "%s", hot);
        figures.compare("… ÷ pgbench", hot.perSecond() / reference, 4);
        figures.add("… p99", "%.1f ms".formatted(hot.answers().millis(0.99)), "≤ 60 ms", hot.answers().millis(0.99) <= 60);
        figures.add("… from the 201 to the mail", "%s", hot.mails());
        figures.add(
                "… all mails after the last answer",
                "%.2f s".formatted(hot.drained().toMillis() / 1e3),
                "≤ 1 s",
                hot.drained().toMillis() <= 1000);
        figures.add(
                "Registrations, 1 competition, 256 connections",
                "%s",
                measurements.register(256, stage.competitions(1, SEATS)));
    }

    void spread() throws IOException {
        var reference = pgbench.perSecond(64, 50, LONG);
        figures.add("pgbench, one at a time, 50 competitions, 64 clients", "%,.0f/s", reference);
        var spread = measurements.register(64, stage.competitions(50, SEATS / 50));
        figures.add("Registrations, 50 competitions, 64 connections", "%s", spread);
        figures.compare("… ÷ pgbench", spread.perSecond() / reference, 0.6);
    }

    /** All of them in the same instant, each over a connection of its own. */
    void burst() throws IOException {
        for (var seats : List.of(1_000, 100)) {
            var competitions = stage.competitions(1, seats);
            var answers = measurements.send(1_000, stage.registrations(competitions, 1_000));
            stage.verify();
            Measurements.expect(seats == 1_000 ? Map.of(201, 1_000) : Map.of(201, 100, 409, 900), answers);
            figures.add(
                    "1,000 at once for %,d seats".formatted(seats),
                    "all answered after %.2f s, p50 %.0f ms",
                    answers.took().toMillis() / 1e3,
                    answers.millis(0.5));
        }
    }
}
