-- So that every list is read in the order of an index, however much it leaves out, and every lookup has one.

-- Generated, so that counting registrations changes it, and with it any index, only when the last seat goes or comes back.
ALTER TABLE competitions ADD is_full boolean NOT NULL GENERATED ALWAYS AS (registered = capacity) STORED;

-- Each order for open and for full competitions. The deadline comes last: what has closed is left out without a look at
-- its row.
CREATE INDEX competitions_on_by_start ON competitions (is_full, starts_at, id, reg_deadline) WHERE cancelled_at IS NULL;
CREATE INDEX competitions_on_by_deadline ON competitions (is_full, reg_deadline, id) WHERE cancelled_at IS NULL;
CREATE INDEX competitions_on_by_creation ON competitions (is_full, created_at, id, reg_deadline)
    WHERE cancelled_at IS NULL;

-- The same for closed ones.
DROP INDEX competitions_by_start, competitions_by_creation;
CREATE INDEX competitions_by_start ON competitions (starts_at, id, reg_deadline);
CREATE INDEX competitions_by_creation ON competitions (created_at, id, reg_deadline);

-- Few are cancelled.
CREATE INDEX competitions_cancelled_by_start ON competitions (starts_at, id) WHERE cancelled_at IS NOT NULL;
CREATE INDEX competitions_cancelled_by_deadline ON competitions (reg_deadline, id) WHERE cancelled_at IS NOT NULL;
CREATE INDEX competitions_cancelled_by_creation ON competitions (created_at, id) WHERE cancelled_at IS NOT NULL;

-- A crowd that is confirmed writes nothing into the first; the confirmed are found in the second among those who wait.
CREATE INDEX registrations_by_status ON registrations (competition_id, status, created_at, id)
    WHERE status <> 'confirmed';
DROP INDEX registrations_by_competition;
CREATE INDEX registrations_by_competition ON registrations (competition_id, created_at, id, status);

CREATE INDEX mailbox_by_kind ON mailbox (user_id, kind, created_at, id);
DROP INDEX mailbox_unread;
CREATE INDEX mailbox_unread ON mailbox (user_id, created_at, id) WHERE read_at IS NULL;

-- The purge asks for the jobs about a registration.
CREATE INDEX outbox_by_registration ON outbox (registration_id);
CREATE INDEX failed_jobs_by_registration ON failed_jobs (registration_id);

-- A cancellation enqueues any number of jobs at the same moment; the relay goes on within them.
DROP INDEX outbox_by_time;
CREATE INDEX outbox_by_time ON outbox (run_at, id);
