package dev.minicompete.demo;

import io.smallrye.config.ConfigMapping;

/** Data to try the system with. */
@ConfigMapping(prefix = "seed")
interface SeedConfig {

    /** Whether to see to it at the start that they are there. */
    boolean data();
}
