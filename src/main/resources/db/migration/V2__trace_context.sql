-- Where in which trace a job was caused: a traceparent of W3C Trace Context. Null when nobody traces.
ALTER TABLE outbox ADD COLUMN trace_parent text;
