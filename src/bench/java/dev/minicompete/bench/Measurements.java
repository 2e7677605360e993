package dev.minicompete.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The loads that scenarios are made of. Each result is verified: what was answered, and what is in the database. */
final class Measurements {

    /** Those who want to register. */
    static final int PEOPLE = 20_500;

    /** The seats that there are for them. */
    static final int SEATS = 20_000;

    private static final int WARM_UP = 5;
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final BenchEnvironment stage;

    Measurements(BenchEnvironment stage) {
        this.stage = stage;
    }

    /** Until the code that a crowd runs is compiled. */
    void warmUp() throws IOException {
        for (var round = 1; round <= WARM_UP; round++) {
            Benchmark.say("Warming up, round %d of %d", round, WARM_UP);
            register(64, stage.competitions(1, SEATS));
        }
    }

    /** A crowd's registrations, and what they cost. */
    record Registered(Answers answers, Duration drained, String cpu, String mails) implements Pairs.Rated {

        @Override
        public double perSecond() {
            return answers.perSecond();
        }

        @Override
        public String toString() {
            return "%,.0f/s, p50 %.1f ms, p99 %.1f ms, max %.1f ms, %s µs CPU"
                    .formatted(perSecond(), answers.millis(0.5), answers.millis(0.99), answers.millis(1), cpu);
        }
    }

    /** All people over these competitions, which have {@link #SEATS} together, until the last mail is there. */
    Registered register(int connections, List<UUID> competitions) throws IOException {
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

    /** What many requests of one kind cost. */
    record Repeated(Answers answers, String cpu) implements Pairs.Rated {

        @Override
        public double perSecond() {
            return answers.perSecond();
        }

        @Override
        public String toString() {
            return "%,.0f/s, p50 %.1f ms, p99 %.1f ms, %s µs CPU"
                    .formatted(perSecond(), answers.millis(0.5), answers.millis(0.99), cpu);
        }
    }

    /** These requests again and again, warm, each answered with this status. */
    Repeated repeat(int connections, int status, List<byte[]> requests) throws IOException {
        try (var load = new LoadGenerator(stage.api(), connections)) {
            load.send(LoadGenerator.Requests.during(SHORT, requests));
            var cpu = stage.cpu();
            var answers = load.send(LoadGenerator.Requests.during(SHORT, requests));
            expect(Map.of(status, answers.all().size()), answers);
            return new Repeated(answers, stage.cpu().minus(cpu).each(answers.all().size()));
        }
    }

    /** Each of these requests once. */
    Answers send(int connections, List<byte[]> requests) throws IOException {
        try (var load = new LoadGenerator(stage.api(), connections)) {
            return load.send(LoadGenerator.Requests.each(requests));
        }
    }

    /** Fails unless there are so many answers of each status. */
    static void expect(Map<Integer, Integer> statuses, Answers answers) {
        if (!answers.statuses().equals(statuses)) {
            throw new AssertionError(answers.statuses() + " instead of " + statuses);
        }
    }
}
