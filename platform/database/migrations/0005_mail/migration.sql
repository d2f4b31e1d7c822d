-- Mail that was asked for, its text sealed, and what the calendar has done. Instants are microseconds.

CREATE TABLE records.mails (
  id text PRIMARY KEY,
  recipient text NOT NULL,
  subject text NOT NULL,
  body bytea NOT NULL,
  created_at bigint NOT NULL,
  sent_at bigint
);
CREATE INDEX mails_recipient ON records.mails (recipient, created_at);
CREATE INDEX mails_unsent ON records.mails (created_at) WHERE sent_at IS NULL;

-- The newest slot of each entry of the calendar whose work is done.
CREATE TABLE records.calendar (
  name text PRIMARY KEY,
  done_slot bigint NOT NULL
);
