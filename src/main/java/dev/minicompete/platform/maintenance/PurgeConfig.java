package dev.minicompete.platform.maintenance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is not kept for ever. */
@ConfigMapping(prefix = "purge")
interface PurgeConfig {

    /** When to look, in Quartz syntax. */
    String cron();

    /** An ISO 8601 duration or period; how long what nobody needs any more is kept. */
    String after();

    /** Rows to delete in one transaction. */
    @WithDefault("1000")
    int chunk();
}
