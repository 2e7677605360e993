package dev.minicompete.jobs.worker;

import dev.minicompete.jobs.Job;
import dev.minicompete.platform.telemetry.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.ArrayList;
import java.util.List;

/** The spans of jobs that are worked on together, each in the trace that caused it; jobs of no trace have none. */
final class JobSpans {

    private final List<Job> jobs = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();

    private JobSpans() {}

    static JobSpans begin(Tracing tracing, List<Job> jobs) {
        var begun = new JobSpans();
        jobs.forEach(job -> begun.add(tracing, job));
        return begun;
    }

    private void add(Tracing tracing, Job job) {
        if (job.traceParent() == null) {
            jobs.add(job);
            return;
        }
        var span = tracing.begin(job.kind(), job.traceParent())
                .setAttribute("job.id", job.id().toString())
                .setAttribute("job.attempt", job.attempts());
        spans.add(span);
        jobs.add(job.within(Tracing.traceParent(span)));
    }

    /** The jobs; what they cause in turn is a part of their spans. */
    List<Job> jobs() {
        return jobs;
    }

    /** Ends the spans, with the failure of the work if it is not null. */
    void end(Throwable failure) {
        for (var span : spans) {
            if (failure != null) {
                span.setStatus(StatusCode.ERROR, JobFailure.describe(failure));
            }
            span.end();
        }
    }
}
