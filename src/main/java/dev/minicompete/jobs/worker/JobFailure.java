package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobFailedException;
import io.vertx.pgclient.PgException;
import java.util.concurrent.TimeoutException;

/** Describes failures of jobs to organizers, without SQL or class names; the log has the details. */
final class JobFailure {

    private JobFailure() {}

    /** Returns a short sentence. */
    static String describe(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JobFailedException explained) {
                return explained.description();
            }
            if (cause instanceof PgException sql) {
                return "PostgreSQL refused it (" + sql.getSqlState() + ")";
            }
            if (cause instanceof TimeoutException) {
                return "It took too long";
            }
        }
        return "It failed unexpectedly; the log has the details";
    }

    /** Whether every further attempt would fail too. */
    static boolean isPermanent(Throwable failure) {
        return failure instanceof JobFailedException explained && explained.isPermanent();
    }
}
