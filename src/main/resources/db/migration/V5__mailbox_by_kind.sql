-- Each filter of a mailbox in the order of its pages.
DROP INDEX mailbox_unread;
CREATE INDEX mailbox_unread ON mailbox (user_id, created_at, id) WHERE read_at IS NULL;
CREATE INDEX mailbox_by_kind ON mailbox (user_id, kind, created_at, id);
