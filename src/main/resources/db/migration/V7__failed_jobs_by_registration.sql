-- The purge asks for the dead letters about a registration.
CREATE INDEX failed_jobs_by_registration ON failed_jobs (registration_id);
