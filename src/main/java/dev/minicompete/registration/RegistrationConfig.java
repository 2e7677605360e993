package dev.minicompete.registration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How registrations are batched. */
@ConfigMapping(prefix = "registration")
interface RegistrationConfig {

    /** Registrations in one transaction at the most. */
    @WithDefault("256")
    int batchSize();

    /** Registrations that may wait for a batch; more are refused. */
    @WithDefault("10000")
    int waiting();

    /** How long a batch may take before its clients are told to come again. */
    @WithDefault("PT2.5S")
    Duration databaseTimeout();
}
