package dev.minicompete.platform.postgres;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Ends the process once the schema is migrated, where that is all it is for: before anything listens or works. */
@ApplicationScoped
class MigrationOnly {

    private static final Logger LOG = Logger.getLogger(MigrationOnly.class);

    private final SchemaConfig config;

    MigrationOnly(SchemaConfig config) {
        this.config = config;
    }

    void end(@Observes @Priority(1) StartupEvent started) {
        if (config.migrateOnly()) {
            LOG.info("The schema is migrated; that was all that MIGRATE_ONLY asked for");
            // The one keeps what comes next from starting, the other keeps Quarkus from waiting for an end.
            Quarkus.asyncExit(0);
            throw new PreventFurtherStepsException(0);
        }
    }
}
