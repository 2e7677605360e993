package dev.minicompete.platform.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Carries traces through the outbox to the jobs, as a {@code traceparent} of
 * <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>. It does nothing while tracing is disabled.
 */
@ApplicationScoped
public class TraceParents {

    private static final String TRACE_PARENT = "traceparent";
    private static final W3CTraceContextPropagator FORMAT = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<String> READER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceParent) {
            return List.of(TRACE_PARENT);
        }

        @Override
        public @Nullable String get(@Nullable String traceParent, String key) {
            return TRACE_PARENT.equals(key) ? traceParent : null;
        }
    };

    private final boolean enabled;
    private final Tracer tracer;

    TraceParents(@ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean disabled, OpenTelemetry telemetry) {
        this.enabled = !disabled;
        this.tracer = telemetry.getTracer("dev.minicompete");
    }

    /** The {@code traceparent} of the current request; null when it is not traced. */
    public @Nullable String current() {
        return enabled ? traceParent(Span.current()) : null;
    }

    /** Begins a span of background work, as a child of the span with this {@code traceparent}. */
    public Span begin(String name, String traceParent) {
        return tracer.spanBuilder(name)
                .setParent(FORMAT.extract(Context.root(), traceParent, READER))
                .setSpanKind(SpanKind.CONSUMER)
                .startSpan();
    }

    /** The {@code traceparent} of this span; null when it is not sampled. */
    public static @Nullable String traceParent(Span span) {
        if (!span.getSpanContext().isSampled()) {
            return null;
        }
        Map<String, String> fields = new HashMap<>();
        FORMAT.inject(Context.root().with(span), fields, Map::put);
        return fields.get(TRACE_PARENT);
    }
}
