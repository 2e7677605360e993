package dev.minicompete.tracing;

import io.smallrye.config.ConfigMapping;

/** Whether traces are made. */
@ConfigMapping(prefix = "tracing")
interface TracingConfig {

    /** True when there is a collector to send them to. */
    boolean enabled();
}
