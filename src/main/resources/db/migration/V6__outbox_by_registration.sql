-- A cancellation enqueues any number of jobs at the same moment; the relay goes on within them.
DROP INDEX outbox_by_time;
CREATE INDEX outbox_by_time ON outbox (run_at, id);

-- The purge asks for the jobs about a registration.
CREATE INDEX outbox_by_registration ON outbox (registration_id);
