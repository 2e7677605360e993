package dev.minicompete.platform.telemetry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Whether traces are made, and where they go. */
@ConfigMapping(prefix = "tracing")
interface TracingConfig {

    /** True when there is a collector to send them to. */
    boolean enabled();

    /** Where the collector is. */
    URI endpoint();

    /** How often to look whether an outage of the collector is over. */
    @WithDefault("PT5S")
    Duration outageCheck();

    /** How long no export may have failed by then: longer than the minute in which the exporters log a failure once. */
    @WithDefault("PT65S")
    Duration outageQuiet();
}
