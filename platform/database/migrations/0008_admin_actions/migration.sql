-- What takes two people: proposed by one, decided by another, then a command of the journal.
CREATE TABLE records.admin_actions (
  id text PRIMARY KEY,
  kind text NOT NULL,
  params jsonb NOT NULL,
  reason text NOT NULL,
  proposed_by text NOT NULL REFERENCES records.users,
  proposed_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'approved', 'rejected', 'done', 'refused')),
  decided_by text REFERENCES records.users,
  decided_at bigint,
  -- Of the command: its number in the journal, and the code when it was refused.
  seq bigint,
  code text,
  CHECK (decided_by IS DISTINCT FROM proposed_by OR status = 'rejected'),
  CHECK (status = 'proposed' OR decided_by IS NOT NULL)
);
CREATE INDEX admin_actions_proposed_at ON records.admin_actions (proposed_at);
