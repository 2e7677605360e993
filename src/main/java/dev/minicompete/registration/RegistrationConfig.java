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

    /** Time limit for a request, including its wait; its client gets 503 afterwards. During an outage it fails sooner. */
    @WithDefault("PT4S")
    Duration deadline();

    /** Maximum number of competitions, locked by other transactions, whose requests wait for the lock on a connection of their own. */
    @WithDefault("8")
    int lanes();

    /** Maximum number of promotions in a transaction; a job continues with the rest. */
    @WithDefault("2000")
    int promotionChunk();
}
