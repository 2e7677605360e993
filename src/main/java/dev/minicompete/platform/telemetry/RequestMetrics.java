package dev.minicompete.platform.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

/** Adds a histogram to the metrics of requests, and bounds the number of time series that clients can create. */
@Singleton
class RequestMetrics implements MeterFilter {

    private static final String REQUESTS = "http.server.requests";

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    /** Replaces methods that are not standard, since a client can send any word. */
    private static final MeterFilter STANDARD_METHODS =
            MeterFilter.replaceTagValues("method", method -> METHODS.contains(method) ? method : "OTHER");

    /** Upper bounds of the histogram's buckets, in nanoseconds. Each costs one time series for each route. */
    private static final double[] BUCKETS = Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 3_000)
            .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
            .toArray();

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().startsWith("http.server") ? STANDARD_METHODS.map(id) : id;
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        return id.getName().equals(REQUESTS)
                ? DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(BUCKETS)
                        .build()
                        .merge(config)
                : config;
    }
}
