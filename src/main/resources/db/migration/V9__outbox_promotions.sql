-- A promotion asks whether the job that continues it is in the outbox already.
CREATE INDEX outbox_promotions ON outbox (competition_id) WHERE kind = 'waitlist:promote';
