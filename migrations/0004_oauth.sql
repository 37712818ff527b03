-- Programs that may ask people for access (RFC 7591). One with no secret is a public client.
CREATE TABLE oauth_client (
  key {key},
  id TEXT NOT NULL UNIQUE,
  -- SHA-256 of the secret.
  secret TEXT,
  name TEXT NOT NULL,
  website TEXT,
  -- JSON lists, never looked into by SQL.
  redirect_uris TEXT NOT NULL,
  grant_types TEXT NOT NULL,
  -- Names separated by spaces: the most that it may ask for.
  scope TEXT NOT NULL,
  auth_method TEXT NOT NULL CHECK (auth_method IN ('none', 'client_secret_basic', 'client_secret_post')),
  software_id TEXT,
  software_version TEXT,
  created BIGINT NOT NULL,
  CHECK ((auth_method = 'none') = (secret IS NULL))
);
CREATE INDEX oauth_client_by_time ON oauth_client (created);

-- One consent: all codes and tokens that come from it live and die with it. No account: the program itself.
CREATE TABLE oauth_grant (
  key {key},
  client BIGINT NOT NULL REFERENCES oauth_client (key),
  account BIGINT REFERENCES account (actor),
  scope TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT,
  revoked BIGINT
);
CREATE INDEX oauth_grant_by_account ON oauth_grant (account, key) WHERE account IS NOT NULL;
CREATE INDEX oauth_grant_by_client ON oauth_grant (client, account);
CREATE INDEX oauth_grant_revoked ON oauth_grant (revoked) WHERE revoked IS NOT NULL;

-- Authorization codes (RFC 6749 §4.1.2), hashed, spent once.
CREATE TABLE oauth_code (
  hash TEXT PRIMARY KEY,
  consent BIGINT NOT NULL REFERENCES oauth_grant (key) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  -- S256 (RFC 7636 §4.2); null where a confidential client sent none.
  challenge TEXT,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  used BIGINT
) {clustered};
CREATE INDEX oauth_code_by_consent ON oauth_code (consent);
CREATE INDEX oauth_code_by_expiry ON oauth_code (expires);

-- Access and refresh tokens, hashed. A used refresh token stays until it expires, to notice its return.
CREATE TABLE oauth_token (
  hash TEXT PRIMARY KEY,
  consent BIGINT NOT NULL REFERENCES oauth_grant (key) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
  -- Narrower than the consent where a refresh asked for less (RFC 6749 §6).
  scope TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT,
  used BIGINT
) {clustered};
CREATE INDEX oauth_token_by_consent ON oauth_token (consent, kind);
CREATE INDEX oauth_token_by_expiry ON oauth_token (expires) WHERE expires IS NOT NULL;
