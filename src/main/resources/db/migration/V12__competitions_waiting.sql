-- Cancelled competitions keep their waitlists, so the search for waitlists that end must not read them each night.
DROP INDEX competitions_waiting;
CREATE INDEX competitions_waiting ON competitions (starts_at, id) WHERE waitlisted > 0 AND cancelled_at IS NULL;
