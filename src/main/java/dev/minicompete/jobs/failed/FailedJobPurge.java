package dev.minicompete.jobs.failed;

import dev.minicompete.platform.maintenance.PurgeStep;
import jakarta.inject.Singleton;

/** Deletes old failed jobs. */
@Singleton
class FailedJobPurge implements PurgeStep {

    @Override
    public String rows() {
        return "failed jobs";
    }

    @Override
    public String statement() {
        return """
                DELETE FROM failed_jobs WHERE id = ANY (ARRAY (
                    SELECT id FROM failed_jobs WHERE failed_at < now() - $2::text::interval ORDER BY failed_at LIMIT $1))
                """;
    }
}
