package dev.minicompete.platform.postgres;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Ends a process with {@code MIGRATE_ONLY} once the schema is migrated, before it listens or runs jobs. */
@ApplicationScoped
class MigrationOnly {

    private static final Logger LOG = Logger.getLogger(MigrationOnly.class);

    private final boolean migrateOnly;

    MigrationOnly(@ConfigProperty(name = "schema.migrate-only") boolean migrateOnly) {
        this.migrateOnly = migrateOnly;
    }

    void end(@Observes @Priority(1) StartupEvent started) {
        if (migrateOnly) {
            LOG.info("The schema is migrated; the process ends, as MIGRATE_ONLY asks");
            // The exception stops the start; the exit keeps Quarkus from waiting for a signal.
            Quarkus.asyncExit(0);
            throw new PreventFurtherStepsException(0);
        }
    }
}
