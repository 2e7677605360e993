package dev.minicompete.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two loads, each measured right beside the other, in pairs of changing order. Each pair gives a ratio of its own: the machine's
 * speed drifts by more than what is looked for, but less within a pair.
 */
final class Pairs<R extends Pairs.Rated> {

    /** What has a rate. */
    interface Rated {
        double perSecond();
    }

    /** Sends, and says what came of it. */
    interface Load<R> {
        R send() throws IOException;
    }

    private final List<R> references = new ArrayList<>();
    private final List<R> results = new ArrayList<>();

    /** Measures so many pairs of them; an odd number, for the sake of the medians. */
    static <R extends Rated> Pairs<R> measure(int count, Load<R> reference, Load<R> load) throws IOException {
        var pairs = new Pairs<R>();
        for (var pair = 0; pair < count; pair++) {
            Benchmark.say("Pair %d of %d", pair + 1, count);
            if (pair % 2 == 0) {
                pairs.references.add(reference.send());
                pairs.results.add(load.send());
            } else {
                pairs.results.add(load.send());
                pairs.references.add(reference.send());
            }
        }
        return pairs;
    }

    /** The reference's median by rate. */
    R reference() {
        return median(references, Comparator.comparingDouble(Rated::perSecond));
    }

    /** The load's median by rate. */
    R result() {
        return median(results, Comparator.comparingDouble(Rated::perSecond));
    }

    /** The load's first result. */
    R first() {
        return results.get(0);
    }

    /** The load's rate ÷ the reference's, the median of all pairs. */
    double ratio() {
        var ratios = IntStream.range(0, results.size())
                .mapToObj(pair -> results.get(pair).perSecond() / references.get(pair).perSecond())
                .toList();
        Benchmark.say("Ratios of the pairs: %s", ratios.stream().map("%.2f"::formatted).toList());
        return median(ratios, Comparator.naturalOrder());
    }

    private static <T> T median(List<T> values, Comparator<? super T> order) {
        return values.stream().sorted(order).toList().get(values.size() / 2);
    }
}
