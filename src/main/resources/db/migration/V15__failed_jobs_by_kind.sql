-- A page of failed jobs of one kind is read by index, however many there are of other kinds.
CREATE INDEX failed_jobs_by_kind ON failed_jobs (competition_id, kind, failed_at, id);
