package dev.minicompete.registration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How registrations are batched and promoted. */
@ConfigMapping(prefix = "registration")
interface RegistrationConfig {

    /** Maximum number of requests in a transaction. */
    @WithDefault("256")
    int batchSize();

    /** Maximum number of requests that wait for a batch; more get 503. */
    @WithDefault("10000")
    int waiting();

    /** Time limit for a batch; its clients get 503 afterwards. */
    @WithDefault("PT2.5S")
    Duration databaseTimeout();

    /** Maximum number of promotions in a transaction; a job continues with the rest. */
    @WithDefault("2000")
    int promotionChunk();
}
