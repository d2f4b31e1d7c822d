-- The fleet: deployed bots, their versions, what they run, and how they stood from minute to minute.
-- The table of the first release was never written to.
DROP TABLE records.bots;

CREATE FUNCTION records.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME;
END $$;

-- The text of a strategy by the SHA-256 of it: every version can be run again.
CREATE TABLE records.strategies (
  hash text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
  name text NOT NULL,
  source text NOT NULL,
  created_at bigint NOT NULL
);
CREATE TRIGGER strategies_are_kept BEFORE UPDATE OR DELETE ON records.strategies
  FOR EACH ROW EXECUTE FUNCTION records.refuse_change();

CREATE TABLE records.bots (
  id text PRIMARY KEY,
  owner text NOT NULL REFERENCES records.users,
  -- What people want of it; `opened` and `settled` say how far its account is.
  wanted text NOT NULL CHECK (wanted IN ('running', 'paused', 'stopped')),
  why text NOT NULL,
  -- Its sub-account: null until it is open.
  account bigint,
  budget jsonb NOT NULL,
  key_id text,
  secret bytea,
  created_at bigint NOT NULL,
  -- Its budget is in its account; its money is back and the account closed.
  opened_at bigint,
  settled_at bigint,
  flatten boolean NOT NULL DEFAULT false,
  CHECK (settled_at IS NULL OR wanted = 'stopped')
);
CREATE INDEX bots_owner ON records.bots (owner);

-- The greatest number is the version that runs. A roll-back is a version like an earlier one.
CREATE TABLE records.bot_versions (
  bot text NOT NULL REFERENCES records.bots,
  number integer NOT NULL CHECK (number > 0),
  hash text NOT NULL REFERENCES records.strategies,
  params jsonb NOT NULL,
  venues text[] NOT NULL,
  limits jsonb NOT NULL,
  like_version integer,
  created_by text NOT NULL REFERENCES records.users,
  created_at bigint NOT NULL,
  request_id text NOT NULL,
  request_hash text NOT NULL,
  PRIMARY KEY (bot, number),
  UNIQUE (bot, request_id)
);
CREATE TRIGGER bot_versions_are_kept BEFORE UPDATE OR DELETE ON records.bot_versions
  FOR EACH ROW EXECUTE FUNCTION records.refuse_change();

CREATE TABLE records.bot_samples (
  bot text NOT NULL REFERENCES records.bots,
  at bigint NOT NULL,
  equity text NOT NULL,
  pnl text NOT NULL,
  fees text NOT NULL,
  PRIMARY KEY (bot, at)
);
