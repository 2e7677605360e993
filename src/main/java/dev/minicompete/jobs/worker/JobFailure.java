package dev.minicompete.jobs.worker;

import io.vertx.pgclient.PgException;
import java.util.concurrent.TimeoutException;

/** Says why a job failed, to somebody who is not to see SQL or class names; the log says it in full. */
final class JobFailure {

    private JobFailure() {}

    static String describe(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException sql) {
                return "PostgreSQL refused it (" + sql.getSqlState() + ")";
            }
            if (cause instanceof TimeoutException) {
                return "It took too long";
            }
        }
        return "It failed unexpectedly; the log says how";
    }
}
