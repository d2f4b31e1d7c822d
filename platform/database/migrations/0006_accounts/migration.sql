-- Proven mailboxes, second factors, codes that were mailed and what may be tried how often.

ALTER TABLE records.users
  ADD COLUMN verified_at bigint,
  -- The secret of the authenticator, sealed; asked for at sign-in once it was confirmed.
  ADD COLUMN totp bytea,
  ADD COLUMN totp_confirmed_at bigint,
  -- The newest time step that was used: one step is good for one use.
  ADD COLUMN totp_step bigint NOT NULL DEFAULT 0;

CREATE TABLE records.recovery_codes (
  user_id text NOT NULL REFERENCES records.users ON DELETE CASCADE,
  hash bytea NOT NULL,
  used_at bigint,
  PRIMARY KEY (user_id, hash)
);

-- A code that was asked for. Without `code` nobody can answer it: what is asked for an unknown
-- address looks the same.
CREATE TABLE records.challenges (
  id text PRIMARY KEY,
  purpose text NOT NULL,
  email text NOT NULL,
  user_id text REFERENCES records.users ON DELETE CASCADE,
  payload bytea,
  code bytea,
  tries integer NOT NULL DEFAULT 0,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX challenges_expires_at ON records.challenges (expires_at);

-- How often something was done since an instant: the caps of a day.
CREATE TABLE records.allowances (
  subject text PRIMARY KEY,
  since bigint NOT NULL,
  used integer NOT NULL
);
CREATE INDEX allowances_since ON records.allowances (since);

-- Devices from which a user has signed in: a new one is told by mail.
CREATE TABLE records.devices (
  user_id text NOT NULL REFERENCES records.users ON DELETE CASCADE,
  device bytea NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (user_id, device)
);
