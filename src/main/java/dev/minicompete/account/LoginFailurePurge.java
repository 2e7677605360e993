package dev.minicompete.account;

import dev.minicompete.platform.maintenance.ChunkedPurge;
import dev.minicompete.platform.maintenance.PurgeStep;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Deletes counts of failed log-ins that no longer limit a log-in. */
class LoginFailurePurge {

    private static final String STATEMENT = """
            DELETE FROM login_failures WHERE subject = ANY (ARRAY (
                SELECT subject FROM login_failures WHERE since < now() - interval '1 day' ORDER BY since LIMIT $1))
            """;

    @Produces
    @Singleton
    static PurgeStep loginFailures(Pool pool) {
        return new ChunkedPurge(pool, "log-in failures", 0, STATEMENT);
    }
}
