package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.platform.telemetry.TraceParents;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trace spans of a batch of jobs, each in the trace that caused the job. Jobs without a trace have no span. */
final class JobSpans {

    private final List<Job> jobs = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    private JobSpans() {}

    /** Starts the spans. */
    static JobSpans begin(TraceParents tracing, List<Job> jobs) {
        var begun = new JobSpans();
        jobs.forEach(job -> begun.add(tracing, job));
        return begun;
    }

    private void add(TraceParents tracing, Job job) {
        if (job.traceParent() == null) {
            jobs.add(job);
            return;
        }
        var span = tracing.begin(job.kind(), job.traceParent())
                .setAttribute("job.id", job.id().toString())
                .setAttribute("job.attempt", job.attempts());
        spans.add(span);
        jobs.add(job.withTraceParent(TraceParents.traceParent(span)));
    }

    /** Returns the jobs, with their spans as the parents of the jobs that they add. */
    List<Job> jobs() {
        return jobs;
    }

    /** Ends the spans; {@code failure} is null if the jobs succeeded. */
    void end(@Nullable Throwable failure) {
        for (var span : spans) {
            if (failure != null) {
                span.setStatus(StatusCode.ERROR, JobFailure.describe(failure));
            }
            span.end();
        }
    }
}
