package dev.minicompete.platform.postgres;

import io.smallrye.config.ConfigMapping;

/** How a start treats the schema, besides the configuration of Flyway. */
@ConfigMapping(prefix = "schema")
interface SchemaConfig {

    /** Whether the process only migrates the schema and ends. */
    boolean migrateOnly();
}
