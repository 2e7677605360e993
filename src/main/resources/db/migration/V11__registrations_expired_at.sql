-- Whether somebody still waited when the competition was cancelled. Set by a trigger, so that the version before sets it, too.
ALTER TABLE registrations ADD COLUMN expired_at timestamptz;

CREATE FUNCTION note_expiry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.expired_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE TRIGGER registrations_expired BEFORE UPDATE ON registrations
    FOR EACH ROW WHEN (NEW.status = 'expired' AND OLD.status <> 'expired') EXECUTE FUNCTION note_expiry();
