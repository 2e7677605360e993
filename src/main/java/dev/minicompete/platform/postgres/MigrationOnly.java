package dev.minicompete.platform.postgres;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Ends a process with {@code MIGRATE_ONLY} once the schema is migrated, before it listens or runs jobs. */
@ApplicationScoped
class MigrationOnly {

    private static final Logger LOG = Logger.getLogger(MigrationOnly.class);

    private final SchemaConfig config;

    MigrationOnly(SchemaConfig config) {
        this.config = config;
    }

    void end(@Observes @Priority(1) StartupEvent started) {
        if (config.migrateOnly()) {
            LOG.info("The schema is migrated; the process ends, as MIGRATE_ONLY asks");
            // The exception stops the start; the exit keeps Quarkus from waiting for a signal.
            Quarkus.asyncExit(0);
            throw new PreventFurtherStepsException(0);
        }
    }
}
