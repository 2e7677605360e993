package dev.minicompete.platform.postgres;

import io.smallrye.config.ConfigMapping;

/** What a start does about the schema; what Flyway does about it is its own configuration. */
@ConfigMapping(prefix = "schema")
interface SchemaConfig {

    /** Whether the process ends once the schema is migrated. */
    boolean migrateOnly();
}
