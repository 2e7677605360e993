package dev.minicompete.platform.postgres;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** How PostgreSQL is reached. */
@ConfigMapping(prefix = "database")
interface DatabaseConfig {

    /** What is between us and PostgreSQL. */
    Pooler pooler();

    /** Whether a statement is prepared once for each connection; without a word only where there is no pooler. */
    Optional<Boolean> preparedStatements();

    /** Whether statements are prepared once for each connection. */
    default boolean preparesStatements() {
        return preparedStatements().orElse(pooler() == Pooler.NONE);
    }

    /** A pooler of connections. */
    enum Pooler {

        /** A connection is one to PostgreSQL itself, or to a pooler that keeps it for the session. */
        NONE,

        /** Each transaction may get another connection to PostgreSQL, as with PgBouncer's transaction mode. */
        TRANSACTION
    }
}
