-- Records: rows that live only in the database. Instants are microseconds since 1970, UTC.
-- There is no foreign key to the schema "views", which can be dropped at any time.

CREATE SCHEMA IF NOT EXISTS records;
CREATE SCHEMA IF NOT EXISTS views;

CREATE TABLE records.users (
  id text PRIMARY KEY,
  email text NOT NULL CONSTRAINT users_email UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
  password_hash text NOT NULL,
  capabilities text[] NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'active')),
  account bigint,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  CHECK (status = 'pending' OR account IS NOT NULL)
);
CREATE INDEX users_changed_at ON records.users (changed_at);

CREATE TABLE records.sessions (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES records.users,
  device bytea NOT NULL,
  user_agent text NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX sessions_user_id ON records.sessions (user_id);

CREATE TABLE records.refresh_tokens (
  hash bytea PRIMARY KEY,
  session_id text NOT NULL REFERENCES records.sessions ON DELETE CASCADE,
  parent bytea CONSTRAINT refresh_tokens_parent UNIQUE,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  spent_at bigint
);
CREATE INDEX refresh_tokens_session_id ON records.refresh_tokens (session_id);
-- One live chain: a session has at most one token that can still be spent.
CREATE UNIQUE INDEX refresh_tokens_live ON records.refresh_tokens (session_id)
  WHERE spent_at IS NULL;

CREATE TABLE records.api_keys (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES records.users,
  name text NOT NULL,
  scopes text[] NOT NULL,
  account bigint,
  secret bytea NOT NULL,
  created_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX api_keys_user_id ON records.api_keys (user_id);

CREATE TABLE records.candles_backfill (
  market text NOT NULL,
  open_at bigint NOT NULL CHECK (open_at % 60000000 = 0),
  open text NOT NULL,
  high text NOT NULL,
  low text NOT NULL,
  close text NOT NULL,
  volume text NOT NULL,
  PRIMARY KEY (market, open_at)
);

CREATE TABLE records.bots (
  id text PRIMARY KEY,
  strategy text NOT NULL,
  owner text NOT NULL,
  account bigint NOT NULL,
  params jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'paused')),
  since bigint NOT NULL
);

CREATE TABLE records.chain_records (
  instance text NOT NULL,
  block_number bigint NOT NULL,
  block_hash text NOT NULL,
  recorded_at bigint NOT NULL,
  balances jsonb NOT NULL,
  reserves jsonb NOT NULL,
  PRIMARY KEY (instance, block_number)
);

CREATE TABLE records.deposit_addresses (
  account bigint NOT NULL,
  asset text NOT NULL,
  index integer NOT NULL,
  address text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account, asset),
  CONSTRAINT deposit_addresses_address UNIQUE (address, asset)
);

CREATE TABLE records.positions (
  name text PRIMARY KEY,
  value jsonb NOT NULL,
  saved_at bigint NOT NULL
);
