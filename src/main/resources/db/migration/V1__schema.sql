-- The truth of Mini Compete. Names and columns that docs call stable are relied on by scripts and operators.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- UUIDv7 of RFC 9562: 48 bits of Unix time in milliseconds, then random ones. PostgreSQL has its own only since 18.
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid
$$;

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    name          text        NOT NULL,
    email         text        NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
    role          text        NOT NULL CHECK (role IN ('organizer', 'participant')),
    password_hash text        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Failed logins of an account or an address within the window that began at "since".
CREATE TABLE login_failures (
    subject  text PRIMARY KEY,
    since    timestamptz NOT NULL,
    failures int         NOT NULL
);
CREATE INDEX login_failures_since ON login_failures (since);

CREATE TABLE competitions (
    id           uuid PRIMARY KEY,
    organizer_id uuid        NOT NULL CONSTRAINT competitions_organizer_fkey REFERENCES users,
    title        text        NOT NULL,
    description  text        NOT NULL DEFAULT '',
    location     text,
    tags         varchar[]   NOT NULL DEFAULT '{}',
    capacity     int         NOT NULL CHECK (capacity BETWEEN 1 AND 1000000),
    registered   int         NOT NULL DEFAULT 0,
    waitlist     boolean     NOT NULL DEFAULT false,
    waitlisted   int         NOT NULL DEFAULT 0 CHECK (waitlisted >= 0),
    -- The last place given on the waitlist; places only ever grow, so that nobody's order depends on who left.
    last_place   bigint      NOT NULL DEFAULT 0,
    reg_deadline timestamptz NOT NULL,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz,
    cancelled_at timestamptz,
    -- Counts the organizer's edits only: registrations coming in never make an edit stale.
    version      int         NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    search       text        NOT NULL GENERATED ALWAYS AS (lower(title || E'\n' || description)) STORED,
    -- The last line of defence behind the row lock.
    CONSTRAINT competitions_no_oversell CHECK (registered BETWEEN 0 AND capacity)
) WITH (fillfactor = 70);
CREATE INDEX competitions_by_start ON competitions (starts_at, id);
CREATE INDEX competitions_by_deadline ON competitions (reg_deadline, id);
CREATE INDEX competitions_by_creation ON competitions (created_at, id);
CREATE INDEX competitions_by_organizer ON competitions (organizer_id, starts_at, id);
CREATE INDEX competitions_waiting ON competitions (starts_at) WHERE waitlisted > 0;
CREATE INDEX competitions_by_tag ON competitions USING gin (tags);
CREATE INDEX competitions_by_word ON competitions USING gin (search gin_trgm_ops);

CREATE TABLE registrations (
    id              uuid PRIMARY KEY,
    competition_id  uuid        NOT NULL REFERENCES competitions,
    participant_id  uuid        NOT NULL REFERENCES users,
    status          text        NOT NULL CHECK (status IN ('confirmed', 'waitlisted', 'cancelled', 'expired')),
    note            text,
    -- The place on the waitlist; kept after promotion, null for those confirmed on the spot.
    place           bigint,
    -- What a retry needs: the key, and the answer's two members that later events change.
    idempotency_key text,
    first_status    text,
    first_position  bigint,
    created_at      timestamptz NOT NULL DEFAULT now(),
    cancelled_at    timestamptz
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX registrations_one_active ON registrations (competition_id, participant_id)
    WHERE status IN ('confirmed', 'waitlisted');
CREATE UNIQUE INDEX registrations_one_per_key ON registrations (participant_id, competition_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX registrations_by_participant ON registrations (participant_id, created_at, id);
CREATE INDEX registrations_by_competition ON registrations (competition_id, created_at, id);
CREATE INDEX registrations_cancelled ON registrations (cancelled_at) WHERE status = 'cancelled';
CREATE UNIQUE INDEX registrations_waitlist ON registrations (competition_id, place) WHERE status = 'waitlisted';

-- Reminders that were enqueued, each once for a start; a moved start is another one.
CREATE TABLE reminders (
    registration_id uuid        NOT NULL REFERENCES registrations ON DELETE CASCADE,
    starts_at       timestamptz NOT NULL,
    -- The job that reminds of this start; where the start moves before it is done, it has nothing to say any more.
    job_id          uuid        NOT NULL DEFAULT uuid_v7(),
    PRIMARY KEY (registration_id, starts_at)
);
CREATE INDEX reminders_by_start ON reminders (starts_at);

-- Jobs not yet done. A job is written in the transaction of whatever causes it and goes when it is done or dead.
CREATE TABLE outbox (
    id              uuid PRIMARY KEY,
    kind            text        NOT NULL,
    competition_id  uuid,
    registration_id uuid,
    user_id         uuid,
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- Not to be run before.
    run_at          timestamptz NOT NULL DEFAULT now(),
    -- Counted when a worker claims the job, so that one that kills its worker runs out of attempts, too.
    attempts        int         NOT NULL DEFAULT 0,
    -- The fencing token of the present claim, and how long it holds.
    lease           uuid,
    leased_until    timestamptz,
    error           text
) WITH (fillfactor = 70);
CREATE INDEX outbox_by_time ON outbox (run_at);

-- A mail has its job's id: delivering a job twice cannot make two mails.
CREATE TABLE mailbox (
    id              uuid PRIMARY KEY,
    user_id         uuid        NOT NULL REFERENCES users,
    kind            text        NOT NULL,
    subject         text        NOT NULL,
    body            text        NOT NULL,
    competition_id  uuid,
    registration_id uuid,
    created_at      timestamptz NOT NULL DEFAULT now(),
    read_at         timestamptz
) WITH (fillfactor = 90);
CREATE INDEX mailbox_by_user ON mailbox (user_id, created_at, id);
CREATE INDEX mailbox_read ON mailbox (created_at) WHERE read_at IS NOT NULL;
CREATE INDEX mailbox_unread ON mailbox (user_id) WHERE read_at IS NULL;

-- Dead letters. A job keeps its id, so that retrying one whose mail went out sends nothing more.
CREATE TABLE failed_jobs (
    id              uuid PRIMARY KEY,
    kind            text        NOT NULL,
    competition_id  uuid,
    registration_id uuid,
    user_id         uuid,
    attempts        int         NOT NULL,
    error           text        NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    failed_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX failed_jobs_by_time ON failed_jobs (failed_at, id);
CREATE INDEX failed_jobs_by_competition ON failed_jobs (competition_id, failed_at, id);
