package dev.minicompete.jobs.failed;

import dev.minicompete.platform.maintenance.ChunkedPurge;
import dev.minicompete.platform.maintenance.PurgeStep;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Deletes old failed jobs. */
class FailedJobPurge {

    private static final String STATEMENT = """
            DELETE FROM failed_jobs WHERE id = ANY (ARRAY (
                SELECT id FROM failed_jobs WHERE failed_at < now() - $2::text::interval ORDER BY failed_at LIMIT $1))
            """;

    @Produces
    @Singleton
    static PurgeStep failedJobs(Pool pool) {
        return new ChunkedPurge(pool, "failed jobs", 0, STATEMENT);
    }
}
