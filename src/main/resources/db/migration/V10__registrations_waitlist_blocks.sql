-- How many wait in each block of 256 places of a competition. Counting the places before one's own would read them all; with this
-- it reads a row for each block and the rest of one block. Triggers count, so that the version before, which does not know the
-- table, keeps it right. Whoever changes who waits holds the lock of the competition.
CREATE TABLE waitlist_blocks (
    competition_id uuid   NOT NULL,
    block          bigint NOT NULL,
    waiting        int    NOT NULL,
    PRIMARY KEY (competition_id, block)
) WITH (fillfactor = 50);

CREATE FUNCTION count_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM added WHERE status = 'waitlisted') THEN RETURN NULL; END IF;
        INSERT INTO waitlist_blocks AS b (competition_id, block, waiting)
        SELECT competition_id, place >> 8, count(*) FROM added WHERE status = 'waitlisted'
        GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (competition_id, block) DO UPDATE SET waiting = b.waiting + excluded.waiting;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE waitlist_blocks b SET waiting = b.waiting - n.waiting
        FROM (SELECT competition_id, place >> 8 AS block, count(*) AS waiting FROM removed
            WHERE status = 'waitlisted' GROUP BY 1, 2) n
        WHERE b.competition_id = n.competition_id AND b.block = n.block;
    ELSE
        IF NOT EXISTS (SELECT FROM removed o WHERE status = 'waitlisted')
            AND NOT EXISTS (SELECT FROM added WHERE status = 'waitlisted') THEN RETURN NULL; END IF;
        INSERT INTO waitlist_blocks AS b (competition_id, block, waiting)
        SELECT competition_id, place >> 8, sum(n) FROM (
            SELECT competition_id, place, 1 AS n FROM added WHERE status = 'waitlisted'
            UNION ALL SELECT competition_id, place, -1 FROM removed WHERE status = 'waitlisted') c
        GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2
        ON CONFLICT (competition_id, block) DO UPDATE SET waiting = b.waiting + excluded.waiting;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER registrations_added AFTER INSERT ON registrations
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_waiting();
CREATE TRIGGER registrations_changed AFTER UPDATE ON registrations
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_waiting();
CREATE TRIGGER registrations_removed AFTER DELETE ON registrations
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_waiting();

-- The triggers' lock keeps others from writing until the end of this transaction.
INSERT INTO waitlist_blocks (competition_id, block, waiting)
SELECT competition_id, place >> 8, count(*) FROM registrations WHERE status = 'waitlisted' GROUP BY 1, 2 ORDER BY 1, 2;
