-- A crowd that is confirmed writes nothing into the second; the confirmed are found in the first among those who wait.
DROP INDEX registrations_by_competition;
CREATE INDEX registrations_by_competition ON registrations (competition_id, created_at, id, status);
CREATE INDEX registrations_by_status ON registrations (competition_id, status, created_at, id)
    WHERE status <> 'confirmed';
