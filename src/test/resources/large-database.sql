-- A system that has run for long: everything large, and most of it past. Run by a superuser, without the foreign keys'
-- checks, for speed; everything refers to what is there all the same.
SET session_replication_role = replica;
SET work_mem = '256MB';

-- The n-th row of a table, for tests to name it.
CREATE FUNCTION pg_temp.nth(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid
$$;

-- 1 to 100 are organizers; participant 160000 is a regular: 8,000 registrations and 50,000 mails.
INSERT INTO users (id, name, email, role, password_hash)
SELECT pg_temp.nth(n), 'User ' || n, 'user' || n || '@example.com',
    CASE WHEN n <= 100 THEN 'organizer' ELSE 'participant' END, 'x'
FROM generate_series(1, 160000) n;

-- One starts each hour; 8,000 have started. Each 100th is cancelled, each 40th of the others full.
INSERT INTO competitions (id, organizer_id, title, description, tags, capacity, registered, waitlist, cancelled_at,
    reg_deadline, starts_at, created_at)
SELECT pg_temp.nth(n), pg_temp.nth(1 + n % 100), 'Competition ' || md5(n::text), repeat('Come and compete. ', 10),
    CASE WHEN n % 1000 = 1 THEN '{rare}' ELSE ARRAY['tag' || n % 20] END::varchar[], 100,
    CASE WHEN n <= 8000 OR n % 40 = 1 THEN 100 ELSE 50 END, true, CASE WHEN n % 100 = 7 THEN now() END,
    now() + (n - 8000) * interval '1 hour' - interval '10 minutes', now() + (n - 8000) * interval '1 hour',
    now() + (n - 12000) * interval '1 hour'
FROM generate_series(1, 10000) n;

-- Of the 9,001st: 100,000 confirmed, then 60,000 waiting; the regular's 8,000 were cancelled elsewhere.
UPDATE competitions SET capacity = 100000, registered = 100000, waitlisted = 60000, last_place = 60000
WHERE id = pg_temp.nth(9001);
INSERT INTO registrations (id, competition_id, participant_id, status, place, created_at)
SELECT pg_temp.nth(n), pg_temp.nth(9001), pg_temp.nth(n), CASE WHEN n <= 100000 THEN 'confirmed' ELSE 'waitlisted' END,
    CASE WHEN n > 100000 THEN n - 100000 END, now() - interval '10 days' + n * interval '1 second'
FROM generate_series(1, 160000) n;
-- 30 of those who took a seat gave it back.
UPDATE registrations SET status = 'cancelled', cancelled_at = now()
WHERE id IN (SELECT pg_temp.nth(n * 3000) FROM generate_series(1, 30) n);
UPDATE competitions SET capacity = 99970, registered = 99970 WHERE id = pg_temp.nth(9001);

-- What the triggers do, which this session leaves out.
INSERT INTO waitlist_blocks (competition_id, block, waiting)
SELECT competition_id, place >> 8, count(*) FROM registrations WHERE status = 'waitlisted' GROUP BY 1, 2 ORDER BY 1, 2;
-- Waitlists that have ended.
INSERT INTO waitlist_blocks (competition_id, block, waiting)
SELECT pg_temp.nth(n), block, 0 FROM generate_series(1, 9000) n, generate_series(0, 3) block;

INSERT INTO registrations (id, competition_id, participant_id, status, created_at)
SELECT pg_temp.nth(1000000 + n), pg_temp.nth(1 + (n % 1000) * 8 + n / 100000), pg_temp.nth(1 + n % 100000),
    'confirmed', now() - interval '300 days' + n * interval '1 second'
FROM generate_series(0, 299999) n;
INSERT INTO registrations (id, competition_id, participant_id, status, created_at, cancelled_at)
SELECT pg_temp.nth(3000000 + n), pg_temp.nth(n), pg_temp.nth(160000), 'cancelled',
    now() - interval '100 days' + n * interval '1 minute', now() - interval '100 days' + n * interval '1 minute'
FROM generate_series(1, 8000) n;
-- 2,000 of the 8,005th are to be reminded.
INSERT INTO registrations (id, competition_id, participant_id, status)
SELECT pg_temp.nth(4000000 + n), pg_temp.nth(8005), pg_temp.nth(1000 + n), 'confirmed' FROM generate_series(1, 2000) n;
UPDATE competitions SET capacity = 2000, registered = 2000 WHERE id = pg_temp.nth(8005);

INSERT INTO reminders (registration_id, starts_at)
SELECT r.id, c.starts_at FROM registrations r JOIN competitions c ON c.id = r.competition_id
WHERE c.id BETWEEN pg_temp.nth(6000) AND pg_temp.nth(8000) AND r.status = 'confirmed';

-- Every 1,000th of the regular's is a promotion.
INSERT INTO mailbox (id, user_id, kind, subject, body, created_at, read_at)
SELECT pg_temp.nth(n), pg_temp.nth(CASE WHEN n <= 50000 THEN 160000 ELSE 101 + n % 150000 END),
    CASE WHEN n % 1000 = 0 THEN 'promoted' ELSE 'confirmation' END, 'A mail', repeat('Some words. ', 20),
    now() - interval '100 days' + n * interval '20 seconds', CASE WHEN n % 100 > 0 THEN now() END
FROM generate_series(1, 200000) n;

-- Half of it is due only later.
INSERT INTO outbox (id, kind, competition_id, registration_id, user_id, created_at, run_at)
SELECT pg_temp.nth(n), 'registration:confirmation', pg_temp.nth(9001), pg_temp.nth(n), pg_temp.nth(n),
    now() - interval '1 day', now() + (n - 50000) * interval '1 second'
FROM generate_series(1, 100000) n;
INSERT INTO failed_jobs (id, kind, competition_id, registration_id, user_id, attempts, error, failed_at)
SELECT pg_temp.nth(500000 + n), CASE WHEN n % 1000 = 0 THEN 'reminder:notify' ELSE 'registration:confirmation' END,
    pg_temp.nth(1 + n % 10000), pg_temp.nth(n), pg_temp.nth(n), 5, 'Boom', now() - n * interval '1 minute'
FROM generate_series(1, 50000) n;
INSERT INTO login_failures (subject, since, failures)
SELECT 'account:' || n, now() - n * interval '1 second', 1 FROM generate_series(1, 200000) n;
