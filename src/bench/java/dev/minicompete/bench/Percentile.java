package dev.minicompete.bench;

import java.util.Arrays;

/** Percentiles by the nearest rank. */
final class Percentile {

    private Percentile() {}

    /** The smallest of the values that this share of them does not exceed. */
    static long of(long[] values, double share) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
