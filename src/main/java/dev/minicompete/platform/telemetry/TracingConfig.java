package dev.minicompete.platform.telemetry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** Configuration of tracing. */
@ConfigMapping(prefix = "tracing")
interface TracingConfig {

    /** True when a collector is configured. */
    boolean enabled();

    /** The address of the collector. */
    URI endpoint();

    /** How often to check whether an outage of the collector is over. */
    @WithDefault("PT5S")
    Duration outageCheck();

    /** How long no export may have failed before an outage counts as over. The exporters log failures at most once a minute. */
    @WithDefault("PT65S")
    Duration outageQuiet();
}
