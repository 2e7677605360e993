package dev.minicompete.jobs.worker;

import io.vertx.pgclient.PgException;
import java.util.concurrent.TimeoutException;

/** Describes failures of jobs to organizers, without SQL or class names; the log has the details. */
final class JobFailure {

    private JobFailure() {}

    /** Returns a short sentence. */
    static String describe(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException sql) {
                return "PostgreSQL refused it (" + sql.getSqlState() + ")";
            }
            if (cause instanceof TimeoutException) {
                return "It took too long";
            }
        }
        return "It failed unexpectedly; the log has the details";
    }
}
