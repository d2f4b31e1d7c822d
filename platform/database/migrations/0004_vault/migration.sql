-- Encryption at rest. A data key is wrapped by the master key, which is never in the database; what
-- is sealed names its data key. Instants are microseconds since 1970, UTC.

CREATE TABLE records.data_keys (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{16}$'),
  master text NOT NULL,
  wrapped bytea NOT NULL,
  created_at bigint NOT NULL
);

-- Secrets of the platform itself, by name.
CREATE TABLE records.secrets (
  name text PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at bigint NOT NULL
);

-- Keys that sign access tokens. Used from active_at until the next one is; retired_at ends a key
-- at once, for when it has leaked.
CREATE TABLE records.signing_keys (
  kid text PRIMARY KEY,
  sealed bytea NOT NULL,
  public_key text NOT NULL,
  created_at bigint NOT NULL,
  active_at bigint NOT NULL,
  retired_at bigint
);
