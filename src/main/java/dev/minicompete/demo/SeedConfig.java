package dev.minicompete.demo;

import io.smallrye.config.ConfigMapping;

/** The configuration of the demo data. */
@ConfigMapping(prefix = "seed")
interface SeedConfig {

    /** Whether to create the demo data at the start, unless they exist. */
    boolean data();
}
