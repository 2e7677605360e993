-- So that every list of competitions is read in the order of an index, however much it leaves out. Each of these files
-- is about one table and takes its strongest lock first, so that it cannot meet running processes in a deadlock.

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
