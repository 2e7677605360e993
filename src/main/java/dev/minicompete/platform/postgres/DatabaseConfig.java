package dev.minicompete.platform.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How to connect to PostgreSQL. */
@ConfigMapping(prefix = "database")
interface DatabaseConfig {

    /** The name of the database. */
    String name();

    /** The pooler between this process and PostgreSQL. */
    Pooler pooler();

    /** Whether statements are prepared once for each connection; by default only without a pooler. */
    Optional<Boolean> preparedStatements();

    /** When connections are encrypted. */
    @WithDefault("prefer")
    PostgresTls.Mode sslMode();

    /** A PEM file with the certificates that sign the server's; without it those of the JVM. */
    Optional<String> sslRootCert();

    /** How long work waits for a connection; less than any client's deadline, so that nothing starts after its deadline. */
    @WithDefault("PT2S")
    Duration connectionTimeout();

    /** Maximum amount of work that waits for a connection; more fails at once. */
    @WithDefault("2000")
    int waiting();

    /** Whether statements are prepared once for each connection, configured or default. */
    default boolean preparesStatements() {
        return preparedStatements().orElse(pooler() == Pooler.NONE);
    }

    /** A pooler of connections. */
    enum Pooler {

        /** No pooler, or one that assigns a server connection to each session. */
        NONE,

        /** A pooler that assigns a server connection to each transaction, as PgBouncer's transaction mode does. */
        TRANSACTION
    }
}
