-- The runs of scheduled work, so that one that was missed or failed is made up for, and only one process does it.
CREATE TABLE scheduled_runs (
    name          text PRIMARY KEY,
    -- The due time of the last run that succeeded; null before the first.
    completed     timestamptz,
    -- The run in progress, and until when no other begins. After a failure this is the delay of the next attempt.
    claim         uuid        NOT NULL,
    claimed_until timestamptz NOT NULL
);
