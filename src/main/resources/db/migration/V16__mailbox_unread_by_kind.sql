-- A page of the unread mails of one kind is read by index, however many there are of other kinds, or were read.
CREATE INDEX mailbox_unread_by_kind ON mailbox (user_id, kind, created_at, id) WHERE read_at IS NULL;
