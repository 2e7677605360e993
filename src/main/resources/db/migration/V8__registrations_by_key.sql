-- The keys of one competition side by side: a crowd writes into pages that it has just used, however many registrations
-- its participants have had before.
DROP INDEX registrations_one_per_key;
CREATE UNIQUE INDEX registrations_one_per_key ON registrations (competition_id, participant_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
