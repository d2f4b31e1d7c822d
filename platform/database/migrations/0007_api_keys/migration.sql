-- What an API key is limited to. A key of kind ed25519 has a public key and no secret of ours.
ALTER TABLE records.api_keys
  ALTER COLUMN secret DROP NOT NULL,
  ADD COLUMN public_key text,
  -- Empty: every market, every address.
  ADD COLUMN markets text[] NOT NULL DEFAULT '{}',
  ADD COLUMN addresses text[] NOT NULL DEFAULT '{}',
  ADD COLUMN expires_at bigint,
  ADD CHECK ((secret IS NULL) <> (public_key IS NULL));
