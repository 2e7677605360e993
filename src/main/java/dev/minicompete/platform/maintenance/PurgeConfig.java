package dev.minicompete.platform.maintenance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** When the purge runs and what it deletes. */
@ConfigMapping(prefix = "purge")
interface PurgeConfig {

    /** When the purge runs, in Quartz syntax and UTC. */
    String cron();

    /** How long rows that are no longer needed are kept; an ISO 8601 duration or period. */
    String after();

    /** Maximum number of rows in a transaction. */
    @WithDefault("1000")
    int chunk();
}
