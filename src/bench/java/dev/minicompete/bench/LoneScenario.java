package dev.minicompete.bench;

import static dev.minicompete.bench.Measurements.SEATS;
import static dev.minicompete.bench.Measurements.expect;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;

/**
 * So few registrations that nothing shares its batch, and that the mail of one is done before the next comes. What a
 * registration's own transaction takes, the process says itself: from asking for a connection until PostgreSQL has
 * committed.
 */
final class LoneScenario {

    /** So few a second that none meets another: some hundredths of what a crowd gets. */
    private static final int FEW = 100;

    /** So few that all of it is out of the processor's caches when the next comes. */
    private static final int RARE = 20;

    private static final int ROUND = 5_000;
    private static final int MOST_ROUNDS = 16;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final BenchEnvironment stage;
    private final Figures figures;
    private final PgBench pgbench;
    private final Measurements measurements;

    LoneScenario(BenchEnvironment stage, Figures figures, PgBench pgbench) {
        this.stage = stage;
        this.figures = figures;
        this.pgbench = pgbench;
        this.measurements = new Measurements(stage);
    }

    void run() throws IOException {
        warmUp();
        var requests = stage.registrations(stage.competitions(1, ROUND), ROUND);
        var busy = measure(() -> measurements.send(1, requests));
        figures.add("Registrations one after the other, 1 connection", "%s", busy);
        figures.add("… ÷ their own transactions", "%.2f", busy.ratio());
        try (var client = new LoneClient(stage.api())) {
            for (var perSecond : List.of(FEW, RARE)) {
                figures.add(
                        "pgbench, one at a time, 1 client, %d/s".formatted(perSecond),
                        "%.2f ms",
                        pgbench.meanMillis(perSecond, SHORT));
                client.send(perSecond, SHORT, inOrder(stage.competitions(1, SEATS).get(0)));
                var competition = stage.competitions(1, SEATS).get(0);
                var alone = measure(() -> client.send(perSecond, LONG, inOrder(competition)));
                figures.add("Registrations alone, %d/s".formatted(perSecond), "%s", alone);
                figures.add("… ÷ their own transactions", "%.2f".formatted(alone.ratio()), "≤ 1.5", alone.ratio() <= 1.5);
            }
        }
    }

    /**
     * Until the second compiler, to which a batch of one is as rare as a large one, has come to rest: beside it, one of two
     * cores is all that is left. The metrics are read in each round, as they are read for what is measured then: the first
     * request of a kind that the compiler has not seen sends back what it had compiled for the others, which at 20 a second
     * would stay so for minutes.
     */
    private void warmUp() throws IOException {
        for (int round = 1, atRest = 0; round <= MOST_ROUNDS && atRest < 2; round++) {
            var requests = stage.registrations(stage.competitions(1, ROUND), ROUND);
            var before = stage.compiling();
            var answers = measure(() -> measurements.send(1, requests)).answers;
            var share = (double) stage.compiling().minus(before).toNanos() / answers.took().toNanos();
            Benchmark.say("Warming up, the compiler at %.0f %% of a core", 100 * share);
            atRest = share < 0.03 ? atRest + 1 : 0;
        }
    }

    private interface Load {
        Answers send() throws IOException;
    }

    private Alone measure(Load load) throws IOException {
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
    private record Alone(Answers answers, BenchEnvironment.Transactions own) {

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
}
