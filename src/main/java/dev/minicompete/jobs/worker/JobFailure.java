package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.JobFailedException;
import io.vertx.pgclient.PgException;
import java.util.concurrent.TimeoutException;

/** Describes failures of jobs: to organizers without SQL or class names, and in the log. */
final class JobFailure {

    private JobFailure() {}

    /** The job has a kind that this version does not know. */
    static final class UnknownKind extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final String kind;

        UnknownKind(String kind) {
            super(kind);
            this.kind = kind;
        }
    }

    /** The handler took too long, which does not mean that PostgreSQL is away: its statements have limits of their own. */
    static final class HandlerTimeout extends RuntimeException {

        private static final long serialVersionUID = 1;

        HandlerTimeout() {
            super("The handler took too long");
        }
    }

    /** Returns a short sentence. */
    static String describe(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JobFailedException explained) {
                return explained.description();
            }
            if (cause instanceof PgException sql) {
                return "Database error " + sql.getSqlState();
            }
            if (cause instanceof HandlerTimeout || cause instanceof TimeoutException) {
                return "Timed out";
            }
            if (cause instanceof UnknownKind unknown) {
                return "Unknown kind " + unknown.kind;
            }
        }
        return "It failed unexpectedly; the log has the details";
    }

    /** Whether the handler foresaw the failure, so that the description says all. */
    static boolean isExpected(Throwable failure) {
        return failure instanceof JobFailedException;
    }

    /** Returns a line for the log. */
    static String line(Throwable failure) {
        return isExpected(failure) ? describe(failure) : failure.toString().replaceAll("\\p{Cntrl}+", " ");
    }

    /** Whether a time limit within this process ended the attempt. */
    static boolean isTimeout(Throwable failure) {
        return failure instanceof TimeoutException || failure instanceof io.smallrye.mutiny.TimeoutException;
    }

    /** Whether every further attempt would fail too. */
    static boolean isPermanent(Throwable failure) {
        return failure instanceof JobFailedException explained && explained.isPermanent();
    }
}
