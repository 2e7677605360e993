-- The purge continues after the last registration of its previous chunk.
DROP INDEX registrations_cancelled;
CREATE INDEX registrations_cancelled ON registrations (cancelled_at, id) WHERE status = 'cancelled';
