-- The relay looks for the lost jobs of each kind, since a long queue of one kind must not slow down the search for others. The version before
-- uses outbox_by_time.
CREATE INDEX outbox_by_kind ON outbox (kind, run_at, id);
