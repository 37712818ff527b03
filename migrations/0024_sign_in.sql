-- How people sign in besides a password, and what is asked after it.

-- Who signed in how: `how` is the first thing that was asked, `via` the name of the place elsewhere, `factor` what was
-- asked after it. `proved` is when the person last proved in this session who they are.
ALTER TABLE session ADD COLUMN how TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN via TEXT;
ALTER TABLE session ADD COLUMN factor TEXT;
ALTER TABLE session ADD COLUMN proved BIGINT NOT NULL DEFAULT 0;

-- What the account can be asked for after the password: a sum of 1 (codes of an app) and 2 (passkeys), kept with the
-- tables below, so that no request has to look there.
ALTER TABLE account ADD COLUMN factors BIGINT NOT NULL DEFAULT 0;

-- An app that makes codes (RFC 6238). The secret is needed to know the codes, so it stays readable.
CREATE TABLE totp (
  account {key} REFERENCES account (actor),
  secret TEXT NOT NULL,
  created BIGINT NOT NULL,
  -- Null until the app has shown its first code.
  confirmed BIGINT,
  -- The time step of the last code that was taken: each is good once.
  last_step BIGINT NOT NULL DEFAULT 0
);

-- Codes on paper, each good once. Of a code only the SHA-256 is kept.
CREATE TABLE recovery_code (
  account BIGINT NOT NULL REFERENCES account (actor),
  hash TEXT NOT NULL,
  used BIGINT,
  PRIMARY KEY (account, hash)
) {clustered};

-- Passkeys (WebAuthn Level 3 §4, “credential record”).
CREATE TABLE passkey (
  key {key},
  account BIGINT NOT NULL REFERENCES account (actor),
  -- The credential's id and its public key (COSE), in base64url.
  credential TEXT NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  counter BIGINT NOT NULL,
  -- A JSON list, never looked into by SQL.
  transports TEXT NOT NULL,
  -- Whether it stays on one device, may be copied, or was.
  backup TEXT NOT NULL CHECK (backup IN ('never', 'possible', 'done')),
  name TEXT NOT NULL,
  created BIGINT NOT NULL,
  used BIGINT
);
CREATE INDEX passkey_by_account ON passkey (account, key);

-- What begins in one request and ends in another of the same browser. Of the token only the SHA-256 is kept.
CREATE TABLE sign_in_step (
  hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  account BIGINT REFERENCES account (actor),
  -- JSON, never looked into by SQL.
  data TEXT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL
) {clustered};
CREATE INDEX sign_in_step_by_account ON sign_in_step (account) WHERE account IS NOT NULL;
CREATE INDEX sign_in_step_by_expiry ON sign_in_step (expires);
